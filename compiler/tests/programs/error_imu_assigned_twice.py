# error: AssignedTwice
def main():
    p = 0
    x: Imu
    if p[0] == 0:
        x = 1
    else:
        x = 3
    x = 2
    return
