# public: 35
# private factors: 5 7
# prints: 12
def main():
    p = 0
    f = Array(2)
    hint_witness("factors", f)
    assert f[0] * f[1] == p[0]
    assert f[0] != 1
    assert f[1] != 1
    print(f[0] + f[1])
    return
