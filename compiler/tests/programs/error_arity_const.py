# error: WrongArity
def f(a, b: Const):
    return a + b

def main():
    print(f(1))
    return
