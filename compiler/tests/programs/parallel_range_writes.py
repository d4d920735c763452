# public: 4
# prints: 0 2 6 12 20
def main():
    p = 0
    n = p[0]
    a = Array(n)
    for i in parallel_range(0, n):
        k: Mut = 0
        for j in range(0, i + 1):
            k += j
        a[i] = 2 * k
    for i in unroll(0, 4):
        print(a[i])
    print(a[3] + 8)
    return
