# public: 1
# prints: 1 2 3 4 5 6
def six(x):
    return x, x + 1, x + 2, x + 3, x + 4, x + 5

def pass_on(x):
    return six(x)

def main():
    p = 0
    a, b, c, d, e, f = pass_on(p[0])
    print(a, b, c, d, e, f)
    return
