# public: 6
# prints: 0 1 4 9 16 25 25
def main():
    public = 0
    n = public[0]
    a = Array(n)
    for i in range(0, n):
        a[i] = i * i
    for i in range(0, n):
        print(a[i])
    print((a + n - 1)[0])
    return
