# error: Shadowing
N = 3

def f(N):
    return N

def main():
    print(f(4))
    return
