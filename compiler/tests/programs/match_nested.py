# public: 1 0
# prints: 10
def main():
    public = 0
    r: Imu
    match public[0]:
        case 0:
            r = 0
        case 1:
            match public[1]:
                case 0:
                    r = 10
                case 1:
                    r = 11
    print(r)
    return
