# error: TypeMismatch
def main():
    x = "five"
    return
