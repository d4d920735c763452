# public: 4
# prints: 0 1 4 9
def main():
    p = 0
    a = Array(p[0])
    for i in range(0, p[0]):
        k = i * i
        a[i] = k
    for i in range(0, p[0]):
        print(a[i])
    return
