# public: 4
# prints: 10 6
def main():
    public = 0
    n = public[0]
    pairs: Mut = 0
    equal: Mut = 0
    for i in range(0, n):
        row: Mut = 0
        for j in range(0, i + 1):
            pairs += 1
            if i == j:
                equal += 1
            row += j
        if row == 3:
            equal += 2
    print(pairs, equal)
    return
