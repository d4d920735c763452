# public: 5 6 7
# prints: 50 61 72
def select(v):
    r: Imu
    match v:
        case 5:
            r = 50
        case 6:
            x = v + 55
            r = x
        case 7:
            r = 72
    return r

def main():
    public = 0
    for i in range(0, 3):
        print(select(public[i]))
    return
