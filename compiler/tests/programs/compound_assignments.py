# public: 6
# prints: 8 5 20 10 3 8 2
def main():
    p = 0
    x: Mut = p[0]
    x += 2
    print(x)
    x -= 3
    print(x)
    x *= 4
    print(x)
    x /= 2
    print(x)
    c: Mut = 7
    c //= 2
    print(c)
    c **= 2
    c -= 1
    print(c)
    c %= 3
    print(c)
    return
