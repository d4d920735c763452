# prints: 1 2
def f():
    return 1
    print(3)
    x = 5
    return x

def main():
    print(f())
    if 1 == 1:
        print(2)
        return
        print(7)
    print(8)
    return
