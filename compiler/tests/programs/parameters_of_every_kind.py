# public: 3
# prints: 27 3 5
def f(x, n: Const, y: Mut, z):
    for i in unroll(0, n):
        y = y * x
    y += z
    return y

@inline
def g(a: Mut, b: Imu, c: Const):
    a += b * c
    return a

def main():
    p = 0
    x = p[0]
    print(f(x, 2, x, 0), x)
    print(g(1, 2, 2))
    return
