# public: 1
# error: WrongResultCount
def f(x):
    if x == 0:
        return
    return 5

def main():
    p = 0
    print(f(p[0]))
    return
