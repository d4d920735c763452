# public: 2 3 2
# prints: 12 2222 6
def main():
    p = 0
    n: Mut = 0
    s: Mut = 0
    for i in range(0, p[0]):
        for j in range(0, p[1]):
            for k in range(0, p[2]):
                n += 1
                s = s + i * 1000 + j * 100 + k * 10 + 1 - 1
    odd: Mut = 0
    for i in range(0, p[0]):
        for j in unroll(0, 3):
            odd += 1
    print(n)
    # 6 * 1000 * 1 + 4 * (0 + 1 + 2) * 100 + 6 * 10 is 7260; less 5038.
    print(s - 5038)
    print(odd)
    return
