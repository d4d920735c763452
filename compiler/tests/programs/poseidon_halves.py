# prints: 1 1 1
def main():
    a = Array(8)
    b = Array(8)
    for i in unroll(0, 8):
        a[i] = i + 1
        b[i] = 9 * i
    whole = Array(8)
    poseidon2_16(a, b, whole)
    half = Array(8)
    poseidon16_halves(a, a + 4, b, half)
    for i in unroll(0, 4):
        assert half[i] == whole[i]
    print(1)
    # Of swapped halves, into the upper half; again, which checks it.
    poseidon16_halves(a + 4, a, b, half + 4)
    swapped = Array(8)
    for i in unroll(0, 4):
        swapped[i] = a[4 + i]
        swapped[4 + i] = a[i]
    other = Array(8)
    poseidon2_16(swapped, b, other)
    for i in unroll(0, 4):
        assert half[4 + i] == other[i]
    print(1)
    # A chain that stays in one pair of halves a step, at run time.
    chain = Array(40)
    for i in unroll(0, 4):
        chain[i] = whole[i]
    for step in range(0, 9):
        poseidon16_halves(chain + 4 * step, b, a, chain + 4 * step + 4)
    poseidon16_halves(chain + 32, b, a, chain + 36)
    print(1)
    return
