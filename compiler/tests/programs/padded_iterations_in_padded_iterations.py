# public: 2
# prints: 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 2
def main():
    public = 0
    n = public[0]
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
            print(99)
    print(n)
    return
