# error: AssignedTwice
def main():
    x: Imu
    for i in unroll(0, 4):
        if i % 2 == 0:
            x = i
    print(x)
    return
