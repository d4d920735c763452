# public: 4
# prints: 5 8 8 3
def fib_step(a, b):
    return b, a + b

def main():
    p = 0
    a: Mut = 0
    b: Mut = 1
    for i in range(0, p[0] + 1):
        a, b = fib_step(a, b)
    print(a, b)
    a, _ = fib_step(b, b)
    c: Mut, d: Mut = fib_step(a, b)
    c, d = fib_step(c, d)
    print(c - 8, d - c + b - b - 5)
    return
