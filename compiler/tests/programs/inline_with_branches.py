# public: 0 5
# prints: 1 25 10
@inline
def pick(c, a, b):
    r: Imu
    if c == 0:
        r = a
    else:
        r = b
    return r

@inline
def early(x):
    if x == 0:
        return 1
    if x == 5:
        return 25
    return 9

def main():
    p = 0
    print(early(p[0]), early(p[1]))
    print(pick(p[0], 10, 20))
    return
