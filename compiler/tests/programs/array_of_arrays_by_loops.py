# public: 2 3
# prints: 5 7 9
def row(i, n):
    r = Array(n)
    for j in range(0, n):
        r[j] = 10 * i + j
    return r

def main():
    p = 0
    m = Array(p[0])
    for i in range(0, p[0]):
        m[i] = row(i, p[1])
    for j in range(0, p[1]):
        print(m[0][j] + m[1][j] - 5 + 0 * j)
    return
