# error: TypeMismatch
def main():
    a = Array(5)
    print(len(a))
    return
