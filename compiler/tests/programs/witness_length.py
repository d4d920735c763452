# A length from private input that is not trusted.
# private length: 3
# private data: 10 20 30
# public: 60
# prints: 3
def main():
    public = 0
    length = Array(1)
    hint_witness("length", length)
    n = length[0]
    assert n < 100
    data = Array(n)
    hint_witness("data", data)
    sum: Mut = 0
    for i in range(0, n):
        sum += data[i]
    assert sum == public[0]
    print(n)
    return
