# error: WrongResultCount
def f():
    return 1, 2

def main():
    x = f()
    return
