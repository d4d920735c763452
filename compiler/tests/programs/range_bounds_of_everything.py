# public: 2 5
# prints: 2 3 4 3 3 4 9 0
def f(x):
    return x + 1

def main():
    p = 0
    for i in range(p[0], p[1]):
        print(i)
    for i in range(f(p[0]), f(3)):
        print(i)
    n: Mut = 3
    for i in range(n, p[1]):
        n += 1
        print(i)
    print(n + 4)
    for i in range(5, 5):
        print(77)
    z: Mut = 0
    for i in range(p[1], p[1]):
        z += 1
    print(z)
    return
