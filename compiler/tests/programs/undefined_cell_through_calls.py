# prints: 5 5
def same(x):
    return x

def main():
    a = Array(1)
    y = same(a[0])
    a[0] = 5
    print(y)
    b = Array(1)
    b[0] = a[0]
    print(b[0])
    return
