# public: 3
# prints: 2 5 5 13 5 7 3 1 8 8
@inline
def add_twice(x: Mut, y):
    x: Mut = x + y
    x: Mut = x + y
    return x

def pair():
    return 7, 3

def main():
    p = 0
    n = p[0]
    x: Mut = 1
    x: Mut = x + 1
    print(x)
    if n == 3:
        x: Mut = 5
    else:
        x: Mut = 6
    print(x)
    y: Mut = 0
    for i in range(0, n):
        y: Mut = y + i
        local: Mut = y
        local: Mut = local + 1
    print(x, x + y + x)
    for i in unroll(0, 3):
        x: Mut = x + 0
    print(x)
    a: Mut, b: Mut = pair()
    print(a, b)
    a: Mut, c = 1, b
    print(a)
    print(add_twice(2, c), 8)
    return
