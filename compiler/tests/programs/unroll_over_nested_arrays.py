# prints: 3 10 2 30 0 0 4 74 114
ROWS = [[1, 2, 7], [10, 20], [], [5, 6, 31, 32]]

def main():
    total: Mut = 0
    for i in unroll(0, len(ROWS)):
        sum: Mut = 0
        for j in unroll(0, len(ROWS[i])):
            sum += ROWS[i][j]
        print(len(ROWS[i]), sum)
        total += sum
    print(total)
    return
