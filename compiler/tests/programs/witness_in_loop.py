# public: 3 6
# private pair: 1 5
# private pair: 2 4
# private pair: 3 3
# prints: 6
def main():
    p = 0
    sums = Array(p[0])
    for i in range(0, p[0]):
        pair = Array(2)
        hint_witness("pair", pair)
        sums[i] = pair[0] + pair[1]
        assert sums[i] == p[1]
    print(sums[2])
    return
