# public: 4
# prints: 6 5 1 9 1
def set(a, v):
    a[0] = v
    return

def main():
    p = 0
    a = Array(1)
    t = Array(1)
    t[0] = a
    for i in range(0, 1):
        q = t[0]
        q[0] = 5
        x = a[0] + 1
        print(x)
    b = Array(1)
    for i in range(0, 2):
        set(b, p[0])
        if b[0] == 4:
            print(b[0] + 1 - 4 * i)
    c = Array(1)
    for i in range(0, 1):
        set(c, 3)
        print(c[0] * c[0])
    d = Array(1)
    e = Array(1)
    for i in range(0, 1):
        set(d, p[0])
        assert d[0] != 5
        e[0] = d[0]
    print(e[0] - 3)
    return
