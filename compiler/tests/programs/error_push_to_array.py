# error: TypeMismatch
def main():
    a = Array(3)
    a.push(4)
    return
