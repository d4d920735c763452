# error: UnsupportedSyntax
def f(x):
    return x

def main():
    print(f(x=1))
    return
