# public: 0 1 2
# prints: 5 11 7 33
@inline
def pick(x, y):
    match x:
        case 0:
            return 5
        case 1:
            z = y + 10
            return z
        case 2:
            pass
    if y == 2:
        return 7
    return 9

@inline
def twice(x, y):
    a = pick(x, y)
    return a + pick(x, y), a

def main():
    p = 0
    for i in unroll(0, 3):
        print(pick(p[i], p[i]))
    a, b = twice(p[1], p[1])
    print(a + b)
    return
