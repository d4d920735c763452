# public: 5
# prints: 3 12 200
def main():
    p = 0
    a: Mut = 0
    b: Mut = 1
    c: Mut = 100
    kinds = Array(5)
    kinds[0] = 0
    kinds[1] = 1
    kinds[2] = 1
    kinds[3] = 2
    kinds[4] = 0
    for i in range(0, p[0]):
        match kinds[i]:
            case 0:
                a += i
            case 1:
                b *= i + 1
            case 2:
                c = c * 2
                a -= 1
    print(a, b + 6, c)
    return
