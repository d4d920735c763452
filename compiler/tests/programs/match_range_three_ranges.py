# public: 0 1 4 6
# prints: 1000 11 24 106
def main():
    p = 0
    for i in unroll(0, 4):
        r = match_range(p[i], range(0, 1), lambda i0: 1000, range(1, 5), lambda i1: i1 * i1 + 8 + 2 * (4 - 3) * (5 - i1 - 4 + 0) + 2 - i1 * 0, range(5, 8), lambda i2: i2 + 100)
        if p[i] == 1:
            print(r + 1 - 1 - 2 + 2)
        elif p[i] == 4:
            print(r + 4)
        else:
            print(r)
    return
