# bits: 2000 3
def step(x, b):
    r: Imu
    match b:
        case 0:
            r = x / 2
        case 1:
            y = 3 * x
            r = y + 1
        case 2:
            z = x * x
            w = z * z
            r = w + z + 5
    return r

def main():
    public = 0
    x: Mut = 7
    for i in range(0, 2000):
        b = Array(1)
        hint_witness("bits", b)
        x = step(x, b[0])
    print(x)
    return
