# public: 3
# prints: 0 1 2 7 7 8
def fill(a, i):
    a[i] = i
    return

def main():
    p = 0
    a = Array(3)
    first = a[0]
    for i in range(0, p[0]):
        fill(a, i)
        x = a[i]
        print(x)
    b = Array(2)
    y: Mut = b[0]
    for i in range(0, 2):
        y = b[1]
    b[1] = 7
    print(y, b[1])
    assert first == 0
    c = Array(2)
    for i in range(0, 1):
        z = c[0]
        c[1] = z
        c[0] = 8
    print(c[1])
    return
