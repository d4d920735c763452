# public: 3 1 4 1 5
# prints: 14 5
def main():
    p = 0
    s: Mut = 0
    last: Mut = 0
    for i in unroll(0, 5):
        v = p[i]
        s += v
        if v != 1:
            last = v
    print(s, last)
    return
