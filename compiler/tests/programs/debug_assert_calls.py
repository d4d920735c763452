# public: 6
# prints: 6 6 6 1
def check(x):
    print(x)
    assert x == 6
    return 1

@inline
def next(x):
    print(x)
    return x + 1

def main():
    p = 0
    debug_assert(check(p[0]) == 1)
    debug_assert(next(p[0]) != next(next(p[0]) - 6))
    return
