# public: 2 0
# prints: 20 7 9
@inline
def choose(i, x):
    if x == 0:
        return i * 10
    return i

@inline
def several(i, x):
    r: Mut = x
    for j in unroll(0, i):
        if x == j:
            r += 5
        r += 1
    return r, r + i

def main():
    p = 0
    print(match_range(p[0], range(0, 4), lambda i: choose(i, p[1])))
    x = p[1]
    a, b = match_range(p[0], range(0, 4), lambda i: several(i, x))
    print(a, b)
    return
