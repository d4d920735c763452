# public: 3
# prints: 6 2
def size(x):
    return x * 2

def main():
    p = 0
    n = size(p[0])
    a = Array(n)
    for i in range(0, n):
        a[i] = n - i
    print(a[0], a[n - 2])
    return
