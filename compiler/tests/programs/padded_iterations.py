# Turns with chunks, whose frames hold several of them; the loops end within such a frame.
# public: 1 2 3 5 7 11 13 0
# prints: 1
NUMBERS = [1, 2, 3, 5, 7, 11, 13]

def absorb(state, x):
    block = Array(8)
    for j in unroll(0, 8):
        block[j] = x + j
    out = Array(8)
    poseidon2_16(state, block, out)
    return out

def main():
    p = 0
    for n in unroll(0, 7):
        # At compile time and at run time, by a call and inside.
        a: Mut = p
        for i in unroll(0, NUMBERS[n]):
            a = absorb(a, i)
        b: Mut = p
        for i in range(0, NUMBERS[n]):
            b = absorb(b, i)
        c: Mut = p
        for i in range(0, p[n]):
            c = absorb(c, i)
        d: Mut = p
        count: Mut = 0
        for i in range(0, p[n]):
            block = Array(8)
            for j in unroll(0, 8):
                block[j] = i + j
            out = Array(8)
            poseidon2_16(d, block, out)
            d = out
            count += p[0]
        assert count == p[n]
        for j in unroll(0, 8):
            assert a[j] == b[j]
            assert a[j] == c[j]
            assert a[j] == d[j]
    print(1)
    return
