# public: 5
# prints: 0 1 4 9 16 30
def square_into(x, out):
    out[0] = x * x
    return

def main():
    p = 0
    a = Array(p[0])
    for i in range(0, p[0]):
        square_into(i, a + i)
    s: Mut = 0
    for i in unroll(0, 5):
        print(a[i])
        s += a[i]
    print(s)
    return
