# error: IndexOutOfBounds
def main():
    poseidon16_chain(0, 8, 257, 16, 2)
    return
