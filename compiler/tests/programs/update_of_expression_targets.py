# public: 2
# prints: 8 3
def main():
    p = 0
    a = Array(4)
    i: Mut = 0
    a[i] = 3
    i += 1
    a[i], i = 5, i + 1
    print(a[0] + a[1], i + 1)
    return
