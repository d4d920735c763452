# public: 12
# prints: 1 1
def main():
    public = 0
    start = Array(8)
    for j in unroll(0, 8):
        start[j] = j
    data = Array(40)
    for j in unroll(0, 40):
        data[j] = 3 * j
    # Contiguous chunks.
    states = Array(24)
    poseidon16_sponge(start, data, 4, states, 2)
    poseidon2_16(start, data, states + 8)
    poseidon2_16(states + 8, data + 8, states + 16)
    for j in unroll(0, 8):
        assert states[j] == states[16 + j]
    print(1)
    # Halves three halves apart, at a stride known at run time; then twice the first of them.
    sparse = Array(16)
    poseidon16_sponge(start, data, public[0], sparse, 2)
    poseidon16_sponge(start, data, public[0] - 12, sparse + 8, 1)
    state: Mut = start
    for b in unroll(0, 2):
        block = Array(8)
        for j in unroll(0, 4):
            block[j] = data[24 * b + j]
            block[4 + j] = data[24 * b + 12 + j]
        next = Array(8)
        poseidon2_16(state, block, next)
        state = next
    twice = Array(16)
    for j in unroll(0, 4):
        twice[j] = data[j]
        twice[4 + j] = data[j]
    poseidon2_16(start, twice, twice + 8)
    for j in unroll(0, 8):
        assert sparse[j] == state[j]
        assert sparse[8 + j] == twice[8 + j]
    # Again, which checks the state.
    poseidon16_sponge(start, data, 12, sparse, 2)
    # Backwards, by a stride that wraps around.
    backwards = Array(24)
    for j in unroll(0, 4):
        backwards[j] = data[36 + j]
        backwards[4 + j] = data[j]
    poseidon2_16(start, backwards, backwards + 8)
    poseidon16_sponge(start, data + 36, 0 - 36, backwards + 16, 1)
    for j in unroll(0, 8):
        assert backwards[8 + j] == backwards[16 + j]
    print(1)
    return
