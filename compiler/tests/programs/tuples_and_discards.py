# public: 7
# prints: 7 9 8 9 7 8
def three(x):
    return x, x + 1, x + 2

def main():
    p = 0
    a, _, c = three(p[0])
    _, b, _ = three(p[0])
    _ = three_sum(p[0])
    print(a, c, b)
    x: Mut, y: Mut, z = three(p[0])
    x, y = y, x
    x, y = x + 1, y
    print(x, y, z - 1)
    return

def three_sum(x):
    a, b, c = three(x)
    return a + b + c
