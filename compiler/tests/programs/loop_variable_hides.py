# public: 3
# prints: 7 5 3 3 6 6 1 2
def of(i):
    sum: Mut = 0
    for i in range(0, i):
        sum += i
    return sum + i - i

@inline
def results():
    return 7, 1, 2

def main():
    p = 0
    i, j, k = results()
    a = Array(4)
    for i in range(0, 4):
        a[i] = i
    for i in unroll(0, 4):
        assert a[i] == i
    print(i)
    m: Mut = 5
    for m in range(0, p[0]):
        n = m
    print(m)
    sum: Mut = 0
    for x in range(0, p[0]):
        for x in range(0, p[0]):
            sum += x
        sum += x - 3
    print(sum)
    print(of(3))
    t: Mut = 0
    for x in parallel_range(0, 2):
        y = x
    for i in dynamic_unroll(0, p[0], 3):
        for i in unroll(0, 2):
            t += i
        t += i
    print(t, sum * 2)
    print(j, k)
    return
