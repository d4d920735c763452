# public: 0 1
# prints: 3 8
def f(x):
    a = Array(10)
    for i in unroll(0, 10):
        a[i] = x + i
    if x == 0:
        return a[3]
    b = Array(10)
    for i in unroll(0, 10):
        b[i] = a[i] + 1
    return b[6]

def main():
    p = 0
    print(f(p[0]), f(p[1]))
    return
