# A constant array indexed by the variable of an unrolled loop.
# prints: 123 1 2 2 3 3 3
DIGITS = [1, 2, 3]
ROWS = [[1], [2, 2], [3, 3, 3]]

def main():
    n: Mut = 0
    for i in unroll(0, len(DIGITS)):
        n = 10 * n + DIGITS[i]
    print(n)
    for i in unroll(0, len(ROWS)):
        for j in unroll(0, len(ROWS[i])):
            print(ROWS[i][j])
    return
