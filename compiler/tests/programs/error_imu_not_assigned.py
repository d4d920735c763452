# error: NotAssigned
def main():
    p = 0
    x: Imu
    if p[0] == 0:
        x = 1
    print(x)
    return
