# error: WrongArity
@inline
def f(a, b):
    return a + b

def main():
    print(f(1, 2, 3))
    return
