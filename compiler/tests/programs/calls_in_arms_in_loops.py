# public: 5
# prints: 16
def plus(x, y):
    if x == y:
        return 2 * x
    return x + y

def main():
    p = 0
    s: Mut = 0
    for i in range(0, p[0]):
        if i != 2:
            s = plus(s, i)
        else:
            match p[0] - 5:
                case 0:
                    s = plus(s, plus(i, i))
                case 1:
                    s = 0
        assert s != 1000
    # 0, 1, 5, 8, 12: and 4.
    print(s + 4)
    return
