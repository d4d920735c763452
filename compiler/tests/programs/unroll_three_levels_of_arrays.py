# prints: 8 36 4
CUBE = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
FLAT = CUBE[1]

def main():
    n: Mut = 0
    s: Mut = 0
    for i in unroll(0, len(CUBE)):
        for j in unroll(0, len(CUBE[i])):
            for k in unroll(0, len(CUBE[i][j])):
                n += 1
                s += CUBE[i][j][k]
    print(n, s, len(FLAT) + len(FLAT[0]))
    return
