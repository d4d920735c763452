# public: 2
# prints: 3 4 12 5
def pair(a, x):
    a[0] = x + 1
    a[1] = x + 2
    return

def main():
    p = 0
    s: Mut = 0
    a = Array(2)
    for i in range(0, 1):
        pair(a, p[0])
        s += a[0] * a[1]
        print(a[0], a[1])
    print(s)
    rows = Array(2)
    for i in range(0, 2):
        row = Array(2)
        rows[i] = row
        pair(rows[i], i)
    print(rows[0][0] + rows[1][0] * rows[0][1])
    return
