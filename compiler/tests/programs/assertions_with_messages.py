# public: 3
# prints: 1
def main():
    p = 0
    x = p[0]
    assert x == 3, "three"
    assert x != 4, 'not four'
    assert x < 4, "below"
    assert x <= 3
    assert 2 < x
    assert 3 <= x
    assert x > 2
    assert x >= 3
    assert (x == 3)
    assert (x + 1) * 2 == 8
    debug_assert(x < 4)
    debug_assert(x == 3, "three")
    print(1)
    return
