# error: WrongArity
def f(a, b):
    return a + b

def main():
    print(f(1))
    return
