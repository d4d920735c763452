# outcome: Undefined
def main():
    context = 0
    chains = Array(16)
    digits = Array(3)
    for j in unroll(0, 4):
        chains[j] = j
        chains[8 + j] = 2 * j
    digits[1] = 3
    digits[0] = 1 + 4 * (3 + 4)
    more = Array(24)
    for j in unroll(0, 12):
        more[j] = 0
    numbers = Array(4)
    for j in unroll(0, 3):
        numbers[j] = 0
    poseidon16_chain(context, more, 4, numbers, 3)
    return
