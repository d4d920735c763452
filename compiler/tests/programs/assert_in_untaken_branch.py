# public: 1
# prints: 2
def check(x):
    if x == 0:
        assert x == 1
        assert x < 0
        y = 1 / x
        print(y)
    return

def main():
    public = 0
    check(public[0])
    print(2)
    return
