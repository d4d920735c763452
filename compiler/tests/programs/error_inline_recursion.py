# error: RecursionTooDeep
@inline
def f(n):
    if n == 0:
        return 0
    return f(n - 1)

def main():
    p = 0
    print(f(p[0]))
    return
