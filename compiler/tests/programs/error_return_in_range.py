# error: ReturnInLoop
def f():
    for i in range(0, 3):
        return i
    return 5

def main():
    print(f())
    return
