# public: 6
# prints: 720 1 0
def factorial(n):
    if n == 0:
        return 1
    else:
        return n * factorial(n - 1)

def is_even(n):
    if n == 0:
        return 1
    return is_odd(n - 1)

def is_odd(n):
    if n == 0:
        return 0
    return is_even(n - 1)

def main():
    public = 0
    print(factorial(public[0]), is_even(public[0]), is_odd(public[0]))
    return
