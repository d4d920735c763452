# Variables whose values are known when the program is compiled.
# prints: 3 6 2 15
SIZES = [1, 2, 3]

def fill(n: Const):
    double = 2 * n
    a = Array(double)
    for i in unroll(0, double):
        a[i] = n
    sum: Mut = 0
    for i in unroll(0, double):
        sum += a[i]
    return sum

def main():
    n = len(SIZES)
    a = Array(n)
    for i in unroll(0, n):
        size = SIZES[i]
        a[size - 1] = size * (size + 1) / 2
    print(a[1], a[n - 1], fill(1))
    last = SIZES[n - 1]
    print(fill(last) - 3)
    return
