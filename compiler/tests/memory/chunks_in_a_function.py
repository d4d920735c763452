# public: 5
def step(acc, i):
    block = Array(8)
    for j in unroll(0, 8):
        block[j] = i * j
    out = Array(8)
    poseidon2_16(acc, block, out)
    return out

def main():
    public = 0
    start = Array(8)
    for j in unroll(0, 8):
        start[j] = j
    acc: Mut = start
    for i in range(0, 2000):
        acc = step(acc, i)
    print(acc[0])
    return
