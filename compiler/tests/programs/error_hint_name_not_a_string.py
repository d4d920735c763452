# error: TypeMismatch
def main():
    a = Array(1)
    hint_witness(5, a)
    return
