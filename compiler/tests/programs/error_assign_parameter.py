# error: NotAssignable
def f(x):
    x = 3
    return x

def main():
    print(f(4))
    return
