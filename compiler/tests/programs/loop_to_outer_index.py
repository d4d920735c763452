# public: 4
# prints: 10 20
def main():
    p = 0
    n: Mut = 0
    for i in range(0, p[0]):
        for j in range(i, p[0]):
            n += 1
    print(n)
    m: Mut = 0
    for i in range(0, p[0]):
        for j in range(0, i + 1):
            for k in range(0, j + 1):
                m += 1
    print(m)
    return
