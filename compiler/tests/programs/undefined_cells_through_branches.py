# public: 1
# prints: 4 4 9
def choose(c, a):
    r: Imu
    if c == 1:
        r = a[0]
    else:
        r = a[1]
    return r

def main():
    p = 0
    a = Array(2)
    x = choose(p[0], a)
    a[0] = 4
    print(x, a[0])
    y: Imu
    match p[0]:
        case 0:
            y = 3
        case 1:
            y = a[1]
    a[1] = 9
    print(y)
    return
