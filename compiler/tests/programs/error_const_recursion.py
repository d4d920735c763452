# error: RecursionTooDeep
def f(n: Const):
    return f(n + 1)

def main():
    print(f(0))
    return
