# error: UnsupportedSyntax
def f(x=1):
    return x

def main():
    print(f(1))
    return
