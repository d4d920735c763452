# public: 4
# prints: 0 1 2 3
def main():
    p = 0
    n = p[0]
    a = Array(n)
    at: Mut = a
    for i in range(0, n):
        at[0] = i
        at += 1
    for i in range(0, n):
        print(a[i])
    return
