# error: ArrayTooLarge
def run(base: Const):
    poseidon16_chain(0, 8, base, 16, 2)
    return

def main():
    run(0)
    return
