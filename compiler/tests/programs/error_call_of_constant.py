# error: UnknownFunction
N = 5

def main():
    print(N(3))
    return
