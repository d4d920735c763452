# public: 7
# outcome: NotEqual
def both(x):
    return 2 * x, x * x

def main():
    public = 0
    a = Array(2)
    a[1] = 48
    a[0], a[1] = both(public[0])
    return
