# error: Shadowing
A = 1

def f(A):
    return A

def main():
    print(f(2))
    return
