# Results of a call go to cells, also to cells that have a value already.
# public: 7
# prints: 14 49
def both(x):
    return 2 * x, x * x

def main():
    public = 0
    a = Array(2)
    a[1] = 49
    a[0], a[1] = both(public[0])
    print(a[0], a[1])
    return
