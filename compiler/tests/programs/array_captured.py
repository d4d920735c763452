# An array of the frame, used in loops, calls and behind run-time indices.
# public: 3
# prints: 60 30 10 2
def total(p, n):
    sum: Mut = 0
    for i in range(0, n):
        sum += p[i]
    return sum

def main():
    public = 0
    n = public[0]
    a = Array(4)
    for i in range(0, n):
        a[i] = 10 * (i + 1)
    print(total(a, n))
    print(a[n - 1])
    a[3] = n
    if n == 3:
        b = a + 1
        assert b[2] == 3
    for i in range(0, 1):
        for j in range(i, 1):
            print(a[j])
            a[n] = 3
    cells = Array(2)
    cells[n - 2] = 2
    print(cells[1])
    return
