# public: 3
# prints: 4 0 3 6 9 18 3
def main():
    p = 0
    d = DynArray([])
    for i in unroll(0, 4):
        d.push(p[0] * i)
    print(len(d))
    for i in unroll(0, len(d)):
        print(d[i])
    s: Mut = 0
    for i in unroll(0, len(d)):
        s += d[i]
    print(s)
    d.pop()
    print(len(d))
    return
