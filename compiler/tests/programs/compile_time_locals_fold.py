# prints: 8 3 16 2
def main():
    n = 8
    k = log2_ceil(n)
    a = Array(n)
    for i in unroll(0, n):
        a[i] = i
    print(len_of(n), k, next_multiple_of(n + 1, n), div_ceil(n + 1, n))
    assert a[n - 1] == 7
    return

@inline
def len_of(n):
    return n
