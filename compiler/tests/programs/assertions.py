# public: 5 65536
# prints: 1
def main():
    public = 0
    x = public[0]
    assert x == 5
    assert x != 4, "four"
    assert x < 6
    assert x <= 5
    assert x < public[1]
    assert 0 < x
    debug_assert(x == 5)
    debug_assert(x < 100)
    print(1)
    return
