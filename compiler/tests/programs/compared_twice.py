# public: 3 4
# prints: 1 6 5
def main():
    p = 0
    x = p[0]
    y = p[1]
    r: Mut = 0
    if x == y:
        r = 5
    else:
        r = 1
        if x == y:
            r = 6
    print(r)
    if x != y:
        print(y - x + 5)
        q = 5 / (y - x)
        print(q)
    return
