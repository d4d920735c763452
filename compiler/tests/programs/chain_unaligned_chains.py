# outcome: ChunkUnaligned
def main():
    context = 0
    chains = Array(16)
    digits = Array(3)
    for j in unroll(0, 4):
        chains[j] = j
        chains[8 + j] = 2 * j
    digits[1] = 3
    digits[0] = 1 + 4 * 3
    poseidon16_chain(context, chains + 4, 4, digits, 2)
    return
