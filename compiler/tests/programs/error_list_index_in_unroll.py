# error: IndexOutOfBounds
L = [1, 2, 3]

def main():
    for i in unroll(0, 4):
        print(L[i])
    return
