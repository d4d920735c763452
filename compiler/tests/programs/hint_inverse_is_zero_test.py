# public: 0 7
# prints: 1 0
def is_zero(x):
    inverse = Array(1)
    hint_inverse(x, inverse)
    z = 1 - x * inverse[0]
    assert x * z == 0
    return z

def main():
    p = 0
    print(is_zero(p[0]), is_zero(p[1]))
    return
