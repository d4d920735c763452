# error: WrongResultCount
@inline
def given(x, n: Const):
    if x == 0:
        if n == 1:
            return x
    else:
        if n == 1:
            return x + 1


def f(x):
    if x != 7:
        return given(x, 0)
    return 5


def main():
    public = 0
    assert f(public[0]) == public[1]
    return
