# error: NotConstant
def main():
    p = 0
    d = DynArray([10, 20, 30])
    y = match_range(p[0], range(0, 2), lambda i: d.pop())
    print(y)
    return
