# public: 2
# prints: 49 12
def add(a, b):
    return a + b

def mul(a, b):
    return a * b

@inline
def square(a):
    return mul(a, a)

def main():
    p = 0
    x = p[0]
    print(square(add(mul(x, 2), add(1, x))))
    print(add(add(add(x, x), add(x, x)), mul(x, add(1, 1))))
    return
