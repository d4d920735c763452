# public: 0
# prints: 5 3
def main():
    p = 0
    s: Mut = 5
    for i in range(0, 0):
        s = 9
    for i in range(0, p[0]):
        s = 8
        for j in range(0, 10):
            s += 1
    for i in range(p[0], p[0]):
        assert False, "no turn"
    print(s)
    for i in range(p[0], 1):
        for j in range(1, 1):
            s = 77
        for j in range(i, i):
            s = 78
        s -= 2
    print(s)
    return
