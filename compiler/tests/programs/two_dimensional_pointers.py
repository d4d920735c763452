# public: 3 2
# prints: 11 21 22 65
def main():
    p = 0
    rows = p[0]
    columns = p[1]
    m = Array(rows)
    for i in range(0, rows):
        row = Array(columns)
        for j in range(0, columns):
            row[j] = (i + 1) * 10 + j - 9 * (1 - 1) + 0
        m[i] = row
    print(m[0][1], m[1][1])
    print(m[1][0] + 2)
    s: Mut = 0
    for j in range(0, columns):
        s += m[2][j]
    print(s + 4)
    return
