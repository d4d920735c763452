# Only the arm taken is compiled: the other would index out of bounds.
# prints: 2
ROW = [1, 2]

def get(i: Const):
    r: Imu
    if i == 2:
        r = 0
    else:
        r = ROW[i]
    return r

def main():
    print(get(1) + get(2))
    return
