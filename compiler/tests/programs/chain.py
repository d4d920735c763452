# public: 0 0 0 0 0 0 0 0 2 3 0 1
# prints: 6 3
BASE = 4
CHAINS = 4

# The end of a chain, step by step.
def completed(context, i: Const, start, digit: Const):
    value: Mut = start
    for position in unroll(digit + 1, BASE):
        left = Array(8)
        right = Array(8)
        left[0] = context[0] + BASE * i + position
        for j in unroll(1, 4):
            left[j] = context[j]
        for j in unroll(0, 4):
            left[4 + j] = value[j]
            right[j] = context[4 + j]
            right[4 + j] = 0
        next = Array(8)
        poseidon2_16_half(left, right, next)
        value = next
    return value

def main():
    public = 0
    context = Array(8)
    for j in unroll(1, 8):
        context[j] = 100 + j
    # The first element of the tweak wraps around.
    context[0] = 0 - 9
    chains = Array(8 * CHAINS)
    digits = Array(CHAINS + 1)
    number: Mut = 0
    for k in unroll(0, CHAINS):
        i = CHAINS - 1 - k
        number = public[8 + i] + BASE * number
        digits[i] = number
        for j in unroll(0, 4):
            chains[8 * i + j] = 10 * i + j
    poseidon16_chain(context, chains, BASE, digits, CHAINS)
    print(digits[CHAINS])
    for i in unroll(0, CHAINS):
        start = chains + 8 * i
        digit = public[8 + i]
        end = match_range(digit, range(0, BASE), lambda d: completed(context, i, start, d))
        for j in unroll(0, 4):
            assert chains[8 * i + 4 + j] == end[j]
    # At the last position the end is the start.
    print(chains[8 + 4] - chains[8] + 3)
    # Again, which checks ends and sum.
    poseidon16_chain(context, chains, BASE, digits, CHAINS)
    return
