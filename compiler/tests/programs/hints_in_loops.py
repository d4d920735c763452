# public: 13 6
# prints: 13 6 19
def recompose(x):
    bits = Array(4)
    hint_decompose_bits(x, bits, 4)
    s: Mut = 0
    for i in unroll(0, 4):
        assert bits[i] * (1 - bits[i]) == 0
        s = 2 * s + bits[i]
    assert s == x
    return s

def main():
    p = 0
    t: Mut = 0
    for i in range(0, 2):
        r = recompose(p[i])
        print(r)
        t += r
    print(t)
    return
