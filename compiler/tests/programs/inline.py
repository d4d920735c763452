# prints: 9 8 7 12 40
@inline
def square(x):
    return x * x

@inline
def store(p, x):
    p[0] = x
    y = x - 1
    return y

@inline
def choose(c, a, b):
    r: Imu
    if c == 0:
        r = a
    else:
        r = b
    return r

def main():
    print(square(3))
    a = Array(1)
    y = store(a, 8)
    print(a[0], y)
    x = 2
    print(square(x) + choose(x, 100, 8))
    print(square(square(x)) + choose(x - 2, 24, 0))
    return
