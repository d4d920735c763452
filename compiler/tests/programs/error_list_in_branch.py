# error: NotConstant
def main():
    p = 0
    d = DynArray([1])
    if p[0] == 0:
        d.push(2)
    print(len(d))
    return
