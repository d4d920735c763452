# public: 5
def power(x, n):
    bits = Array(12)
    hint_decompose_bits(n, bits, 12)
    acc: Mut = 1
    sum: Mut = 0
    for i in range(0, 12):
        b = bits[i]
        assert b * b == b
        sum = 2 * sum + b
        acc = acc * acc
        if b == 1:
            acc = acc * x
    assert sum == n
    return acc

def main():
    public = 0
    for i in range(0, 300):
        print(power(3, i))
    return
