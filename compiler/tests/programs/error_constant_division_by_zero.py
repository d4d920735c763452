# error: DivisionByZero
A = 1 // 0

def main():
    return
