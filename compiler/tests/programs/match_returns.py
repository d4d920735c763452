# public: 0 1 2 3
# prints: 100 11 202 7
def choose(x, y):
    match x:
        case 0:
            return 100
        case 1:
            z = y + 10
            return z
        case 2:
            if y == 2:
                return 202
            else:
                return 303
        case 3:
            w: Mut = 0
            for i in range(0, y + 1):
                w += i
            return w + 1

def main():
    p = 0
    for i in unroll(0, 4):
        print(choose(p[i], p[i]))
    return
