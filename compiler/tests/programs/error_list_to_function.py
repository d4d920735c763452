# error: TypeMismatch
L = [1, 2]

def f(x):
    return x

def main():
    print(f(L))
    return
