# public: 12
# prints: 0 1 1 0 0
def main():
    public = 0
    bits = Array(5)
    hint_decompose_bits(public[0], bits, 5)
    sum: Mut = 0
    for i in unroll(0, 5):
        assert bits[i] * bits[i] == bits[i]
        sum = 2 * sum + bits[i]
        print(bits[i])
    assert sum == public[0]
    return
