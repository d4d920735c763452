# outcome: NotEqual
def main():
    zeros = Array(16)
    for j in unroll(0, 16):
        zeros[j] = 0
    key = Array(8)
    for j in unroll(0, 4):
        key[4 + j] = j
    key[0] = 1
    poseidon16_path(key, zeros, zeros, zeros, 2)
    return
