# public: 4
# prints: 14 4
@inline
def bump(x: Mut, n):
    for i in unroll(0, n):
        x += i + 1
    return x

def main():
    p = 0
    v = p[0]
    print(bump(v, 4), v)
    return
