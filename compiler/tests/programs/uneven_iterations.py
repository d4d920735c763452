# Turns that take arms of very different sizes, one branch after another, with calls, and with branches in branches.
# public: 0 1 2 3 1 0 2 2
# prints: 6 3 101 7 8
def grow(x, way):
    if way == 0:
        return x
    y = x * x
    z = y * x + y
    return z * z - z * z + x + 1

def main():
    p = 0
    sum: Mut = 0
    for i in range(0, 8):
        way = p[i]
        if way == 0:
            sum += 0
        else:
            a = Array(12)
            for j in unroll(0, 12):
                a[j] = sum * j
            sum += a[1] - a[0] * 7 + 1 - a[1]
    print(sum)
    both: Mut = 0
    last: Mut = 0
    for i in range(0, p[3] + 5):
        match p[i]:
            case 0:
                last = 1
            case 1:
                b = both * both
                c = b * both
                both += c - c + 1
                last = b - b + 3
            case 2:
                if i == 2:
                    d = last * both
                    e = d * d + d
                    last = e - e + 1000
                else:
                    last = last + 50
                if both == 1:
                    last += 1
            case 3:
                last = 1
        if last == 3:
            both += 0
        else:
            f = last * last
            g = f * last
            both = both + g - g
    print(3, last)
    n: Mut = 0
    for i in range(0, 8):
        n = grow(n, p[i])
    print(n + 1)
    k: Mut = 0
    for i in range(0, 8):
        if p[i] == 0:
            k += 1
        else:
            for j in range(0, 3):
                if j == p[i]:
                    q = k * k
                    k += q * q - q * q + 1
        h = Array(8)
        for j in unroll(0, 8):
            h[j] = k + j
        out = Array(8)
        poseidon2_16(h, 0, out)
        again = Array(8)
        poseidon2_16(h, 0, again)
        assert out[7] == again[7]
    print(k + 1)
    return
