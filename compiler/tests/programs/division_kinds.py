# public: 6 4
# prints: 1065353218 3 4 1 1065353217
def main():
    p = 0
    q = p[0] / p[1]
    assert q * p[1] == p[0]
    print(q)
    print(p[0] / 2)
    x = 13 // 3
    y = 13 % 3
    print(x, y)
    print(1 / 2)
    return
