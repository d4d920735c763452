# prints: 1 20 3 4
FLAG = 1
SIZES = [4, 8]

def f(n: Const):
    x: Imu
    if n < 5:
        x = 1
    else:
        x = 2
    return x

def main():
    print(f(SIZES[0]))
    if FLAG == 1:
        y = 20
        print(y)
    else:
        y = undefined_only_if_taken(3)
        print(y)
    if SIZES[1] > SIZES[0]:
        print(3)
    if len(SIZES) != 2:
        assert False
    elif FLAG <= 1:
        print(4)
    return

def undefined_only_if_taken(x):
    return x
