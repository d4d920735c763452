# prints: 42 42
def main():
    a = Array(1)
    b = Array(2)
    c = Array(2)
    c[1] = 42
    b[1] = c
    a[0] = b
    print(a[0][1][1])
    q = a[0]
    r = q[1] + 1
    print(r[0])
    return
