# A frame lives on after its function has returned.
# prints: 3 4 7 7
def pair(a, b):
    p = Array(2)
    p[0] = a
    p[1] = b
    return p

def main():
    p = pair(3, 4)
    q = pair(7, p)
    print(p[0], p[1], q[0])
    assert q[1] == p
    r = q[1]
    print(r[0] + r[1])
    return
