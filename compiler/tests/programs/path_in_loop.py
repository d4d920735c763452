# Paths of arrays outside of the loop, and of an array of run-time size.
# public: 0 0 0 0 0 0 0 0 3
# prints: 1
def main():
    public = 0
    paths = public[8]
    tweaks = Array(16)
    for j in unroll(0, 16):
        tweaks[j] = 0
    roots = Array(8 * paths)
    for i in range(0, paths):
        for j in range(4, 8):
            roots[8 * i + j] = 9
        poseidon16_path(roots + 8 * i, public + 4, public, tweaks, 2)
    for j in unroll(0, 4):
        assert roots[j] == roots[16 + j]
    print(1)
    return
