# error: BadAnnotation
def f(x: Field):
    return x

def main():
    print(f(1))
    return
