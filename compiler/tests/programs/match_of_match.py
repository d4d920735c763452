# public: 1 2
# prints: 12 120
def main():
    p = 0
    r: Imu
    s: Mut = 1
    match p[0]:
        case 0:
            r = 0
        case 1:
            match p[1]:
                case 0:
                    r = 10
                case 1:
                    r = 11
                case 2:
                    r = 12
                    s = 10
            s *= r
    print(r, s)
    return
