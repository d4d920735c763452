# public: 0 3 6
# prints: 7 3 0 9 6 12
def triangle(n: Const):
    sum: Mut = 0
    for i in unroll(0, n):
        sum += i
    return sum, 2 * n

@inline
def seven(n):
    return n + 7, 3

def main():
    public = 0
    for k in unroll(0, 3):
        a, b = match_range(public[k], range(0, 1), lambda i: seven(i), range(1, 8), lambda i: shift(i))
        print(a, b)
    return

def shift(n: Const):
    if n == 6:
        return n, 12
    a, b = triangle(n)
    return 0 * a, b + 3
