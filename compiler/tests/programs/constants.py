# prints: 6 4 2 30 3 5 30
A = [1, 2, 3]
A_LEN = len(A)
B = [[10, 20], [30], [A_LEN + 2, 5, 8, 9]]
TOTAL = A[0] + A[1] + A[2]

def main():
    print(TOTAL, len(B[2]), len(B[0]), B[1][0], A_LEN)
    print(B[2][0], B[len(B) - 2][0])
    return
