# public: 1 2 3 4 5 6 7 8
# prints: 1
def same(x):
    return x

def main():
    public = 0
    data = Array(16)
    for i in unroll(0, 8):
        data[i] = i + 1
    poseidon16_halves(public, data + 4, public, data + 8)
    out = Array(32)
    p = same(data)
    q = same(out)
    # Both are pointers with an offset, the same or others; one of them is not.
    poseidon16_halves(public, p + 4, public, p + 8)
    poseidon16_halves(public, p + 4, public, q + 4)
    poseidon16_halves(public, p + 4, public, q)
    poseidon16_halves(public, p + 4, public, q + 8)
    poseidon16_halves(public, p + 4, public, out + 12)
    poseidon16_halves(public, data + 4, public, q + 16)
    r = p + 4
    poseidon16_halves(public, r, public, q + 20)
    for half in unroll(0, 6):
        for i in unroll(0, 4):
            assert out[4 * half + i] == data[8 + i]
    # A chain, and its third link once more.
    s = same(out + 20)
    poseidon16_halves(public, s, public, s + 4)
    poseidon16_halves(public, s + 4, public, s + 8)
    again = Array(8)
    poseidon16_halves(public, out + 24, public, again)
    for i in unroll(0, 4):
        assert again[i] == out[28 + i]
    print(1)
    return
