# public: 0 1 2 3
# prints: 10 11 12 13
def f(x):
    y: Imu
    if x == 0:
        y = 10
    elif x == 1:
        y = 11
    elif x == 2:
        y = 12
    else:
        y = 13
    return y

def main():
    p = 0
    for i in range(0, 4):
        print(f(p[i]))
    return
