# prints: 3 16 4 2
def main():
    x: Mut = 1
    x += 2
    print(x)
    x -= 1
    x *= 8
    print(x)
    x /= 4
    print(x)
    y = x
    x = 2
    assert y == 4
    print(x)
    return
