# error: DivisionByZero
def f(n: Const):
    return 5 / n

def main():
    print(f(0))
    return
