# error: TypeMismatch
N = 5

def main():
    print(len(N))
    return
