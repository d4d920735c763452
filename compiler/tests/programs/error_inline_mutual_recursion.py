# error: RecursionTooDeep
@inline
def f(x):
    if x == 0:
        return 1
    return g(x)

@inline
def g(x):
    return f(x)

def main():
    print(f(1))
    return
