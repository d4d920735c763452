# public: 4 16
# prints: 16
def main():
    p = 0
    a = Array(2)
    a[0] = p[0] * p[0]
    a[0] = p[1]
    p[1] = a[0]
    a[1] = a[0]
    assert a[1] == 16
    print(a[1])
    return
