# error: MissingReturn
def f(x):
    if x == 0:
        return 1

def main():
    print(f(0))
    return
