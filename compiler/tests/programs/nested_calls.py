# prints: 44 1 4 9
def add(a, b):
    return a + b

def square(x):
    return x * x

def show(x):
    print(x)
    return x

def main():
    a = add(square(add(1, 2)), add(square(5), 10))
    print(a)
    b = add(show(1), add(show(4), show(9)))
    assert b == 14
    return
