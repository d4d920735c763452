# public: 5
# prints: 120 243
def factorial(n: Const):
    if n == 0:
        return 1
    else:
        return n * factorial(n - 1)

def power(x, n: Const):
    if n == 0:
        return 1
    elif n % 2 == 0:
        half = power(x, n / 2)
        return half * half
    else:
        return x * power(x, n - 1)

def main():
    p = 0
    f = match_range(p[0], range(0, 8), lambda n: factorial(n))
    print(f)
    print(match_range(p[0], range(0, 8), lambda n: power(3, n)))
    return
