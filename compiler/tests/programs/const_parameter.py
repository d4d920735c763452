# prints: 32 6 3 2 1
def power(x, n: Const):
    if n == 0:
        return 1
    return x * power(x, n - 1)

def sum(p, n: Const):
    total: Mut = 0
    for i in unroll(0, n):
        total += p[i]
    return total

def countdown(n: Const):
    if n != 0:
        print(n)
        countdown(n - 1)
    return

def main():
    print(power(2, 5))
    a = Array(3)
    a[0], a[1], a[2] = 1, 2, 3
    print(sum(a, 3))
    countdown(3)
    return
