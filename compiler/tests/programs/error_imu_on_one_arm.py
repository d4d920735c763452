# public: 1
# error: NotAssigned
def main():
    p = 0
    x: Imu
    if p[0] == 1:
        x = 4
    print(x)
    return
