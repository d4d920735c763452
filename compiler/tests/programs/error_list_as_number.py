# error: TypeMismatch
L = [1, 2]

def main():
    print(L + 1)
    return
