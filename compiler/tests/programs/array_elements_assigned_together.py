# public: 2
# prints: 2 3 2 4
def pair(x):
    return x, x + 1

def main():
    p = 0
    a = Array(4)
    a[0], a[1] = pair(p[0])
    a[2], a[3] = a[0], a[0] + 2
    print(a[0], a[1], a[2], a[3])
    return
