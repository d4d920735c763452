# public: 3 7
# prints: 3 4 5 6 18
def main():
    p = 0
    s: Mut = 0
    for i in dynamic_unroll(p[0], p[1], 4):
        print(i)
        s += i
    print(s)
    return
