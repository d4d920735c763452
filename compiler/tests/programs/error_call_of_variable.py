# error: UnknownFunction
def main():
    x = 5
    print(x(3))
    return
