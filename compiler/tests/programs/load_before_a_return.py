# public: 0
# outcome: AddressOutOfRange
def f(p, c):
    v = p[70000000]
    match c:
        case 0:
            return 1
        case 1:
            pass
    assert v == 5
    return 2

def main():
    p = 0
    print(f(p, p[0]))
    return
