# error: RecursionTooDeep
@inline
def f(n):
    return f(n)

def main():
    print(f(0))
    return
