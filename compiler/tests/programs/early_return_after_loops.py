# public: 0 3
# prints: 7 10
def f(n):
    s: Mut = 7
    if n == 0:
        return s
    for i in range(0, n):
        s += i
    if s == 11:
        return 0
    t = s
    return t

def main():
    p = 0
    print(f(p[0]), f(p[1]))
    return
