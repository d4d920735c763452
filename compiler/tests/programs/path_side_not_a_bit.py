# outcome: OutOfRange
def main():
    zeros = Array(16)
    for j in unroll(0, 16):
        zeros[j] = 0
    key = Array(8)
    for j in unroll(0, 4):
        key[4 + j] = j
    tweak = Array(8)
    for j in unroll(0, 4):
        tweak[j] = j
    tweak[4] = 2
    tweak[5] = 0
    tweak[6] = 0
    tweak[7] = 0
    poseidon16_path(key, zeros, zeros, tweak, 1)
    return
