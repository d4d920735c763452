# prints: 1 5 5 9
def main():
    a = Array(4)
    a[0] = 1
    i = 2
    a[i] = 5
    print(a[0], a[2], a[i])
    b = a + 1
    b[2] = 9
    print(a[3])
    return
