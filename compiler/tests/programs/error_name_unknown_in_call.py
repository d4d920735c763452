# error: UnknownName
def f(x):
    return x

def main():
    print(f(y))
    return
