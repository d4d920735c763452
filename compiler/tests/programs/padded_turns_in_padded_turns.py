# public: 3
# prints: 60 3
def main():
    p = 0
    n = p[0]
    count: Mut = 0
    for i in range(0, n):
        b = Array(8)
        b[0] = 3
        d = Array(1)
        d[0] = 1
        for j in range(0, 20):
            a = Array(8)
            a[0] = 7
            c = Array(1)
            c[0] = 5
            count += d[0] * (a[0] - c[0] - 1)
    print(count, n)
    return
