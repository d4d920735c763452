# error: DuplicateName
def f(x, x):
    return x

def main():
    print(f(1, 2))
    return
