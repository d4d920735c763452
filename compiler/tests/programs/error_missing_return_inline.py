# error: MissingReturn
@inline
def given(x, n: Const):
    if n == 1:
        return x


def f(x):
    if x == 0:
        return given(x, 0)
    return 5


def main():
    public = 0
    assert f(public[0]) == public[1]
    return
