# error: IndexOutOfBounds
L = [[1, 2], [3]]

def main():
    print(L[1][1])
    return
