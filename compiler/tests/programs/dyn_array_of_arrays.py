# public: 3
# prints: 3 13 23 39
def main():
    p = 0
    rows = DynArray([])
    for i in unroll(0, 3):
        a = Array(2)
        a[0] = i
        a[1] = 10 * i + p[0]
        rows.push(a)
    s: Mut = 0
    for i in unroll(0, len(rows)):
        print(rows[i][1])
        s += rows[i][1]
    print(s)
    return
