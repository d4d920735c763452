# One cell by several ways, before and after it has its value.
# public: 1
# prints: 5 5 5 5
def main():
    public = 0
    a = Array(3)
    early = a[1]
    b = a
    c = a + public[0]
    c[0] = 5
    print(a[1], b[public[0]], early)
    for i in range(1, 2):
        print(a[i])
        a[i] = early
    return
