# public: 12
# outcome: HintFailed
def main():
    public = 0
    bits = Array(3)
    hint_decompose_bits(public[0], bits, 3)
    return
