# public: 20
def main():
    public = 0
    n = public[0]
    a = Array(n * n)
    b = Array(n * n)
    c = Array(n * n)
    for i in range(0, n):
        for j in range(0, n):
            a[i * n + j] = i + j
            b[i * n + j] = i * j + 1
    for i in range(0, n):
        for j in range(0, n):
            s: Mut = 0
            for k in range(0, n):
                s += a[i * n + k] * b[k * n + j]
            c[i * n + j] = s
    print(c[n + 1])
    return
