# outcome: ChunkUnaligned
def main():
    zeros = Array(16)
    for j in unroll(0, 16):
        zeros[j] = 0
    key = Array(8)
    for j in unroll(0, 4):
        key[4 + j] = j
    poseidon16_path(key, zeros, zeros, zeros + 4, 1)
    return
