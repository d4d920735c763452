# public: 5 3
# prints: 15 10 4 8
def prefix(a, n):
    out = Array(n + 1)
    out[0] = 0
    for i in range(0, n):
        out[i + 1] = out[i] + a[i]
    return out

def main():
    p = 0
    n = p[0]
    a = Array(n)
    for i in range(0, n):
        a[i] = i + 1
    s = prefix(a, n)
    print(s[n], s[n - 1])
    b = Array(p[1] * 2)
    b[0] = 4
    b[p[1]] = b[0] * 2
    print(b[0], b[3])
    return
