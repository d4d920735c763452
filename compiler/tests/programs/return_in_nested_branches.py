# public: 0 1 2 3
# prints: 1 2 3 4 4
def f(a, b):
    if a == 0:
        if b == 0:
            return 1
        else:
            return 2
    else:
        if b == 0:
            if a == 1:
                return 3
    x = 4
    return x

def main():
    p = 0
    print(f(p[0], p[0]), f(p[0], p[1]), f(p[1], p[0]), f(p[2], p[0]), f(p[3], p[1]))
    return
