# public: 2
# outcome: DebugAssertion
def main():
    p = 0
    debug_assert(p[0] == 3, "three")
    return
