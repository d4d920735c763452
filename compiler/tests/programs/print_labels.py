# public: 3 1
# prints: 3 2130706432 7 3 3 1 2 2130706430 7
@inline
def show(x):
    print("inline", x)
    print("and only text")
    return x


def main():
    public = 0
    n = public[0]
    print("before", n, "after", -1)
    print("nothing but text")
    print()
    print(7, "ends with text")
    x = show(n)
    if n == 3:
        print("three")
    else:
        print("other")
    if public[1] == 0:
        print("zero")
    match public[1]:
        case 0:
            print("case 0")
        case 1:
            print("case 1")
    print(n, n / 3)
    for i in range(0, n):
        print("turn")
    for i in unroll(0, 2):
        print("copied")
    print("2", 2, 0 - n)
    print(7)
    return
