# public: 0
# prints: 1
def main():
    p = 0
    a = Array(0)
    b = Array(p[0])
    for i in range(0, p[0]):
        b[i] = a[i]
    print(1)
    return
