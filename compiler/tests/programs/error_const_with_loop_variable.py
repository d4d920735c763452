# error: NotConstant
def f(n: Const):
    return n

def main():
    for i in range(0, 3):
        print(f(i))
    return
