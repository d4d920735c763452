# prints: 1 2
def f(n: Const):
    x: Imu
    if n == 0:
        x = 1
    if n == 1:
        x = 2
    return x

def main():
    print(f(0), f(1))
    return
