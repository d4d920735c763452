# error: IndexOutOfBounds
A = [1, 2]

def main():
    print(A[2])
    return
