# outcome: ChunkUnaligned
def main():
    zeros = Array(24)
    for j in unroll(0, 24):
        zeros[j] = 0
    out = Array(16)
    poseidon16_sponge(zeros, zeros + 2, 4, out, 1)
    return
