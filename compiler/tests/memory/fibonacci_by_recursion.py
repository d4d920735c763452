# public: 5
def fib(n):
    if n == 0:
        return 0
    if n == 1:
        return 1
    a = fib(n - 1)
    b = fib(n - 2)
    return a + b

def main():
    print(fib(16))
    return
