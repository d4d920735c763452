# prints: 0 1 2 10 11 12 6
def main():
    sum: Mut = 0
    for i in unroll(0, 2):
        for j in unroll(0, 3):
            x = 10 * i + j
            print(x)
            sum += j
    for i in unroll(3, 3):
        sum = 0
    print(sum)
    return
