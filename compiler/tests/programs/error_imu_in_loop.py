# error: AssignedTwice
def main():
    x: Imu
    for i in range(0, 3):
        x = i
    return
