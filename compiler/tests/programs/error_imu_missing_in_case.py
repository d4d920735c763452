# public: 1
# error: NotAssigned
def main():
    p = 0
    x: Imu
    match p[0]:
        case 0:
            x = 1
        case 1:
            pass
    print(x)
    return
