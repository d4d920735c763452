# public: 1
# error: IndexOutOfBounds
def main():
    p = 0
    a = Array(32)
    hint_decompose_bits(p[0], a, 32)
    return
