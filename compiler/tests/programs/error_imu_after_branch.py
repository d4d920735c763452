# public: 1
# error: AssignedTwice
def main():
    p = 0
    x: Imu
    if p[0] == 1:
        x = 4
    else:
        x = 5
    x = 6
    print(x)
    return
