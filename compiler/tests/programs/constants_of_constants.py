# prints: 16 5 8 3 2
A = 4
B = A * A
C = [A, B, A + 1]
D = [C, [1, 2, 3], [len(C)]]
E = log2_ceil(B) * 2

def main():
    print(B, C[2], E)
    print(D[2][0], D[1][1])
    return
