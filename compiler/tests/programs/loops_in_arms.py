# public: 0 3
# prints: 3 6
def f(x, n):
    s: Mut = 0
    if x == 0:
        for i in range(0, n):
            s += i
    else:
        for i in range(0, n):
            s += i + 1
        for i in range(0, 2):
            if s == i:
                s += 100
    return s

def main():
    p = 0
    print(f(p[0], p[1]), f(p[1], p[1]))
    return
