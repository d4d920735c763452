# public: 5
def main():
    public = 0
    start = Array(8)
    for j in unroll(0, 8):
        start[j] = j
    acc: Mut = start
    for i in range(0, 2000):
        block = Array(8)
        for j in unroll(0, 8):
            block[j] = i + j
        out = Array(8)
        poseidon2_16(acc, block, out)
        acc = out
    print(acc[0])
    return
