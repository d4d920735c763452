# error: MissingReturn
def f(x, n: Const):
    if n == 5:
        return x

def main():
    p = 0
    y = f(p[0], 0)
    assert y == 7
    return
