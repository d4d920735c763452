# error: MatchNotConsecutive
def f(v, n: Const):
    r: Imu
    match v:
        case n:
            r = 1
        case 7:
            r = 77
    return r

def main():
    p = 0
    print(f(p[0], 2))
    return
