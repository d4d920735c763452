# error: AssignedTwice
def main():
    x: Imu
    for i in unroll(0, 3):
        x = i
    print(x)
    return
