# public: 1
# prints: 3 4
def main():
    p = 0
    a: Imu
    b: Imu
    if p[0] == 1:
        a, b = two()
    else:
        a = 1
        b = 2
    print(a, b)
    return

def two():
    return 3, 4
