# error: ArrayTooLarge
def absorb(n: Const):
    poseidon16_sponge(0, 8, 4, 16, n)
    return

def main():
    absorb(2 ** 16 + 1)
    return
