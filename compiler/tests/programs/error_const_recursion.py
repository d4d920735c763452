# error: RecursionTooDeep
def f(n: Const):
    if n == 1000000000:
        return 0
    return f(n + 1)

def main():
    print(f(0))
    return
