# public: 2
# prints: 4 8 4 8
@inline
def square(x):
    return x * x

@inline
def pair(x):
    return square(x), x * square(x)

def main():
    p = 0
    a, b = square(p[0]), 8
    c, d = pair(p[0])
    print(a, b, c, d)
    return
