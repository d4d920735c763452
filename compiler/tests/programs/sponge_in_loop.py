# A state that a loop carries; each iteration absorbs two blocks.
# public: 1 2 3 4 5 6 7 8 3
# prints: 1
def main():
    public = 0
    rounds = public[8]
    data = Array(16 * rounds)
    for j in range(0, 16 * rounds):
        data[j] = j
    state: Mut = public
    for i in range(0, rounds):
        next = Array(8)
        poseidon16_sponge(state, data + 16 * i, 4, next, 2)
        state = next
    whole = Array(8)
    poseidon16_sponge(public, data, 4, whole, 6)
    for j in unroll(0, 8):
        assert whole[j] == state[j]
    print(1)
    return
