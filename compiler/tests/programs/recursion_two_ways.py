# public: 10
# prints: 55 1 0
def fib(n):
    if n == 0:
        return 0
    if n == 1:
        return 1
    return fib(n - 1) + fib(n - 2)

def even(n):
    if n == 0:
        return 1
    return odd(n - 1)

def odd(n):
    if n == 0:
        return 0
    return even(n - 1)

def main():
    p = 0
    print(fib(p[0]), even(p[0]), odd(p[0]))
    return
