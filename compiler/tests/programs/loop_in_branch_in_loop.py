# public: 5
# prints: 1 8 3 64 125 286
def cube(x):
    return x * x * x

def main():
    public = 0
    n = public[0]
    total: Mut = 0
    odd: Mut = 1
    for i in range(1, n + 1):
        r: Imu
        if odd == 1:
            s: Mut = 0
            for j in range(0, i):
                s += j * 0 + 1
            odd = 0
            if i == 5:
                r = cube(s)
            else:
                r = s
            total += r
        else:
            r = cube(i)
            total += 2 * r
            odd = 1
        print(r)
    print(total + n + n + n - 2)
    return
