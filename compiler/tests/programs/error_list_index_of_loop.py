# error: NotConstant
L = [1, 2, 3]

def main():
    for i in range(0, 3):
        print(L[i])
    return
