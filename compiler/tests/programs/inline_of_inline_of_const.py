# public: 5
# prints: 30
@inline
def outer(x, n):
    return inner(x, n) + inner(x, n + 1)

@inline
def inner(x, n):
    s: Mut = 0
    for i in unroll(0, n):
        s += x
    return s + zero(n)

def zero(n: Const):
    return n - n

def main():
    p = 0
    print(outer(p[0], 2) + p[0])
    return
