# bits: 600 2
def main():
    public = 0
    acc: Mut = 1
    for i in range(0, 600):
        b = Array(1)
        hint_witness("bits", b)
        if b[0] == 0:
            a = Array(6)
            for j in unroll(0, 6):
                a[j] = acc * j + 1
            acc = a[3] * a[5]
        else:
            acc = acc + 1
        s: Mut = 0
        for j in range(0, 5):
            s += acc * j
        acc += s
    print(acc)
    return
