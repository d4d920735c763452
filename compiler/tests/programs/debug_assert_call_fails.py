# public: 7
# outcome: DebugAssertion
def half(x):
    return x / 2

def main():
    p = 0
    debug_assert(half(p[0] + 1) != 4)
    return
