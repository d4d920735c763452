# public: 1
def hash_pair(a, b):
    out = Array(8)
    poseidon2_16(a, b, out)
    return out

def main():
    public = 0
    n = 512
    leaves = Array(8 * 512)
    for i in range(0, 8 * 512):
        leaves[i] = i
    level: Mut = leaves
    for d in unroll(0, 9):
        count = 2 ** (8 - d)
        next = Array(8 * count)
        for i in range(0, count):
            poseidon2_16(level + 16 * i, level + 16 * i + 8, next + 8 * i)
        level = next
    print(level[0])
    return
