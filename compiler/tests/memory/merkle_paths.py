# chunks: 800
DEPTH = 8
def verify(leaf, index, root):
    bits = Array(DEPTH)
    hint_decompose_bits(index, bits, DEPTH)
    sum: Mut = 0
    for i in unroll(0, DEPTH):
        assert bits[i] * bits[i] == bits[i]
        sum = 2 * sum + bits[i]
    assert sum == index
    state: Mut = leaf
    for i in range(0, DEPTH):
        sib = Array(8)
        hint_witness("chunks", sib)
        out = Array(8)
        if bits[DEPTH - 1 - i] == 0:
            poseidon2_16(state, sib, out)
        else:
            poseidon2_16(sib, state, out)
        state = out
    return state

def main():
    public = 0
    acc: Mut = 0
    for k in range(0, 100):
        leaf = Array(8)
        for j in unroll(0, 8):
            leaf[j] = k + j
        r = verify(leaf, k, public)
        acc += r[0]
    print(acc)
    return
