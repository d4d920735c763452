# outcome: Undefined
def main():
    zeros = Array(16)
    for j in unroll(0, 16):
        zeros[j] = 0
    key = Array(8)
    for j in unroll(0, 4):
        key[4 + j] = j
    fresh = Array(8)
    for j in unroll(0, 4):
        fresh[j] = 0
    poseidon16_path(key, zeros, fresh, zeros, 2)
    return
