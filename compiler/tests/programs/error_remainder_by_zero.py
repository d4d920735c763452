# error: DivisionByZero
N = 0

def main():
    print(5 % N)
    return
