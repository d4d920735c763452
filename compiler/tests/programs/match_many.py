# public: 0 15 16 31 20 32
# prints: 0 1 225 226 257 962 401 1025 33 1 226
def square(i: Const):
    return i * i

def main():
    p = 0
    # Up to sixteen cases below 32 are found by hinted bits, others by a table.
    print(match_range(p[0], range(0, 16), lambda i: square(i)))
    print(match_range(p[0], range(0, 17), lambda i: square(i) + 1))
    print(match_range(p[1], range(0, 16), lambda i: square(i)))
    print(match_range(p[1], range(0, 17), lambda i: square(i) + 1))
    print(match_range(p[2], range(0, 17), lambda i: square(i) + 1))
    print(match_range(p[3], range(20, 32), lambda i: square(i) + 1))
    print(match_range(p[4], range(20, 32), lambda i: square(i) + 1))
    print(match_range(p[5], range(20, 33), lambda i: square(i) + 1))
    print(match_range(p[5], range(32, 34), lambda i: i + 1))
    for i in range(0, 2):
        x: Mut = 0
        match p[i]:
            case 0:
                x = 1
            case 1:
                x = 2
            case 2:
                assert False, "never"
            case 3:
                x = 4
            case 4:
                x = 5
            case 5:
                x = 6
            case 6:
                x = 7
            case 7:
                x = 8
            case 8:
                x = 9
            case 9:
                x = 10
            case 10:
                x = 11
            case 11:
                x = 12
            case 12:
                x = 13
            case 13:
                x = 14
            case 14:
                x = 15
            case 15:
                x = 226
        print(x)
    return
