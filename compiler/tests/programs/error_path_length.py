# error: IndexOutOfBounds
def main():
    poseidon16_path(0, 8, 16, 24, 0)
    return
