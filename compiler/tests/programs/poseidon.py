# prints: 1 1 1 1
def main():
    a = Array(8)
    zero = Array(8)
    for i in unroll(0, 8):
        a[i] = i + 1
        zero[i] = 0
    x = Array(8)
    y = Array(8)
    poseidon2_8(a, x)
    poseidon2_16(a, zero, y)
    for i in unroll(0, 8):
        assert x[i] == y[i]
    print(1)
    half = Array(8)
    poseidon2_8_half(a, half)
    assert half[0] == x[0]
    assert half[3] == x[3]
    half[4] = 1
    print(half[4])
    state = Array(16)
    poseidon2_16_permute(a, zero, state)
    for i in unroll(0, 8):
        assert state[i] + a[i] == x[i]
    print(1)
    wide = Array(24)
    poseidon2_24_permute(a, zero, a, wide)
    z = Array(8)
    poseidon2_24(a, zero, a, z)
    assert wide[1] + a[1] == z[1]
    print(1)
    return
