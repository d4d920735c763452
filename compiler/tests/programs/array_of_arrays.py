# prints: 0 1 2 10 11 12
def main():
    rows = Array(2)
    for i in unroll(0, 2):
        row = Array(3)
        rows[i] = row
        for j in unroll(0, 3):
            row[j] = 10 * i + j
    for i in range(0, 2):
        for j in range(0, 3):
            print(rows[i][j])
    return
