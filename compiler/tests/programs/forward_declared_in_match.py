# public: 1
# prints: 21 6
def main():
    p = 0
    x: Imu
    y: Mut
    match p[0]:
        case 0:
            x = 20
            y = 5
        case 1:
            x = 21
            y = 6
    print(x, y)
    return
