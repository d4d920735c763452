# public: 4
# prints: 6 14 2
@inline
def sums(n, factor: Const):
    s: Mut = 0
    t: Mut = 0
    for i in range(0, n):
        s += i
        t += factor * i
    return s, t + factor

def main():
    public = 0
    s, t = sums(public[0], 2)
    print(s, t)
    u: Mut = 0
    for i in range(0, 3):
        a, _ = sums(i, 1)
        u += a
        if i == 0:
            u += 1
    print(u)
    return
