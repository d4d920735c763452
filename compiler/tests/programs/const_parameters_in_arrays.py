# public: 2
# prints: 3 6 10 24 3
TABLE = [[1, 2], [3, 4, 5], [6]]

def row(k: Const):
    s: Mut = 0
    for i in unroll(0, len(TABLE[k])):
        s += TABLE[k][i]
    return s

def matrix(n: Const, m: Const):
    a = Array(n * m)
    for i in unroll(0, n):
        for j in unroll(0, m):
            a[i * m + j] = i + j
    return a

def main():
    p = 0
    print(row(0), row(2), 22 - row(1))
    a = matrix(3, 4)
    s: Mut = 0
    for i in range(0, 12):
        s += a[i]
    print(s - 6)
    print(match_range(p[0], range(0, 3), lambda k: row(k) - 3))
    return
