# public: 2 1
# prints: 4 8 3 6
@inline
def powers(x, n):
    return x * x, x * x * n

def both(n: Const, x):
    return n + x, (n + x) * n

def main():
    p = 0
    x = p[0]
    a, b = match_range(p[0], range(0, 3), lambda i: powers(x, i))
    print(a, b)
    c, d = match_range(p[0], range(1, 4), lambda k: both(k, p[1]))
    print(c, d)
    return
