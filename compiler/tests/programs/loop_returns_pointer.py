# public: 3
# prints: 0 1 4
def make(n):
    a: Mut = 0
    for i in range(0, n):
        b = Array(2)
        b[0] = i * i
        b[1] = a
        a = b
    return a

def main():
    p = 0
    list = make(p[0])
    c = list[0]
    b = list[1][0]
    a = list[1][1][0]
    print(a, b, c)
    return
