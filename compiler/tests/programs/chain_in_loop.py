# Runs of one length by pointers known at run time only, base and length by `Const` parameters.
# public: 0 0 0 0 0 0 0 0 3 5
# prints: 4 4 4 2
def run(context, chains, digits, base: Const, n: Const):
    poseidon16_chain(context, chains, base, digits, n)
    return digits[n]

def main():
    public = 0
    runs = public[8]
    digits = Array(3 * runs)
    chains = Array(16 * runs)
    for i in range(0, runs):
        digits[3 * i + 1] = 3
        digits[3 * i] = 1 + 8 * 3
        for j in range(0, 4):
            chains[16 * i + j] = 2
            chains[16 * i + 8 + j] = i
        print(run(public, chains + 16 * i, digits + 3 * i, 8, 2))
    # The first chains are equal.
    for j in unroll(0, 4):
        assert chains[4 + j] == chains[20 + j]
    print(chains[0])
    return
