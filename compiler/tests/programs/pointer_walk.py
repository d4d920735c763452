# A pointer that moves through an array of the frame.
# public: 3
# prints: 10 11 12 33
def main():
    public = 0
    a = Array(4)
    for i in unroll(0, 4):
        a[i] = 10 + i
    p: Mut = a
    sum: Mut = 0
    for i in range(0, public[0]):
        print(p[0])
        sum += p[0]
        p += 1
    assert p == a + 3
    assert p[0] == 13
    print(sum)
    return
