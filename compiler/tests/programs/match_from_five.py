# public: 7
# prints: 70
def main():
    p = 0
    r: Imu
    match p[0]:
        case 5:
            r = 50
        case 6:
            r = 60
        case 7:
            r = 70
    print(r)
    return
