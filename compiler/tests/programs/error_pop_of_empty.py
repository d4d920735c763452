# error: IndexOutOfBounds
def main():
    d = DynArray([])
    x = d.pop()
    return
