# An arm that only yields a constant, as the last of a turn.
# public: 3 9
# prints: 5 5 17 17
def last(x, n):
    r: Mut = x
    for i in range(0, n):
        y = r
        if y == r:
            r = 5
        else:
            a = Array(40)
            for k in unroll(0, 40):
                a[k] = k * r * r
            r = a[39]
    return r

def chosen(x, n):
    r: Mut = x
    for i in range(0, n):
        r = match_range(i, range(0, 17), lambda k: k + 1, range(17, 18), lambda k: large(r))
    return r

@inline
def large(x):
    a = Array(40)
    for k in unroll(0, 40):
        a[k] = k * x * x
    return a[39]

def main():
    p = 0
    print(last(p[1], p[0]), last(p[1], 3))
    print(chosen(p[1], p[0] + 14), chosen(p[1], 17))
    return
