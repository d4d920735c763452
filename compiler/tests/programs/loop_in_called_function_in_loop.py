# public: 4
# prints: 0 1 3 6 10
def triangle(n):
    s: Mut = 0
    for i in range(0, n + 1):
        s += i
    return s

def main():
    p = 0
    t: Mut = 0
    for i in range(0, p[0]):
        v = triangle(i)
        print(v)
        t += v
    print(t)
    return
