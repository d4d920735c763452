# public: 3
# prints: 36 13 27
@inline
def square(x):
    return x * x

@inline
def add(x, y):
    z = x + y
    return z

def main():
    p = 0
    x = p[0]
    print(square(square(x) - x))
    print(add(square(2), square(x)))
    a = Array(30)
    a[square(x)] = square(x) * add(x, 0)
    print(a[9])
    return
