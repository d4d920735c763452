# prints: 3 30 2 10 99 4
def main():
    d = DynArray([10, 20])
    d.push(30)
    print(len(d), d[2])
    d.pop()
    print(len(d))
    total: Mut = 0
    for i in unroll(0, len(d)):
        total += d[i] - 10 * i
    print(total - 10)
    rows = DynArray([])
    for i in unroll(0, 3):
        row = DynArray([])
        for j in unroll(0, i):
            row.push(99)
        rows.push(row)
    print(rows[1][0], len(rows) + len(rows[1]))
    return
