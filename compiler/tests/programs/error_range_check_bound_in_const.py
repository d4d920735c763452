# public: 1
# error: RangeCheckBound
def f(x, n: Const):
    assert x < 2 ** n
    return

def main():
    p = 0
    f(p[0], 17)
    return
