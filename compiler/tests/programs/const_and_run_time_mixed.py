# public: 2
# prints: 10 24 34
def scale(x, n: Const, y):
    s: Mut = x
    for i in unroll(0, n):
        s = s * y
    return s

def table(n: Const):
    t = Array(n)
    for i in unroll(0, n):
        t[i] = i * i
    return t

def main():
    p = 0
    x = p[0]
    print(scale(5, 1, x))
    print(scale(3, 3, x))
    t = table(6)
    s: Mut = 0
    for i in range(0, 6):
        s += t[i]
    print(s - 21)
    return
