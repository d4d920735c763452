# error: UnsupportedSyntax
def check(x):
    assert x == 6
    return 1

def main():
    p = 0
    debug_assert(check(p[0]) == 1)
    return
