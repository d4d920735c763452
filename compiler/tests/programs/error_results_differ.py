# public: 1
# error: WrongResultCount
def f(x):
    if x == 0:
        return 1
    return 1, 2

def main():
    p = 0
    a = f(p[0])
    return
