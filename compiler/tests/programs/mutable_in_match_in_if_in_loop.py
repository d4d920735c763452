# public: 4 2
# prints: 13 2
def main():
    p = 0
    s: Mut = 0
    seen: Mut = 0
    for i in range(0, p[0]):
        if i != p[1]:
            match i:
                case 0:
                    s += 1
                case 1:
                    s += 3
                    for j in range(0, i):
                        s += 4
                case 2:
                    assert False, "not here"
                case 3:
                    for k in unroll(0, 5):
                        s += 1
        else:
            seen = i
    print(s, seen)
    return
