# prints: 6 5 4 3 2 1 0
def down(n: Const):
    print(n)
    if n == 0:
        return 0
    r = other(n - 1)
    return r

def other(n: Const):
    print(n)
    if n == 0:
        return 0
    return down(n - 1)

def main():
    x = down(6)
    assert x == 0
    return
