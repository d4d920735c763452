# error: DuplicateName
def main():
    x: Imu = 1
    x: Imu = 2
    return
