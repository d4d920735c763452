# public: 5
# prints: 2 3 1 5 7 30
def main():
    p = 0
    d = DynArray([DynArray([1, 2]), DynArray([])])
    d[0].push(7)
    d[1].push(p[0] * 6)
    print(len(d), len(d[0]), len(d[1]))
    print(p[0], d[0][2], d[1][0])
    return
