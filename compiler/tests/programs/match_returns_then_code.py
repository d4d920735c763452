# public: 0 1 2
# prints: 1 12 22
def f(x):
    y: Mut = x
    match x:
        case 0:
            return 1
        case 1:
            y += 10
        case 2:
            y += 18
    y += x * 0 + 1
    return y + (x - 1)

def main():
    p = 0
    print(f(p[0]), f(p[1]), f(p[2]))
    return
