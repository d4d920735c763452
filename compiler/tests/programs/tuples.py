# prints: 1 2 3 2 1 6 30
def three():
    return 1, 2, 3

def main():
    a, b, c = three()
    print(a, b, c)
    x: Mut, y: Mut = b, a
    print(x, y)
    _, _, last = three()
    x, _, y = three()
    x += last + y - 1
    print(x)
    cells = Array(2)
    cells[0], cells[1] = 10, 20
    print(cells[0] + cells[1])
    return
