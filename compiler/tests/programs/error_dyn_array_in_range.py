# error: NotConstant
def main():
    d = DynArray([])
    for i in range(0, 3):
        d.push(i)
    return
