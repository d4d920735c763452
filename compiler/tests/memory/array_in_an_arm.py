# bits: 3000 2
def main():
    public = 0
    acc: Mut = public[0]
    for i in range(0, 3000):
        b = Array(1)
        hint_witness("bits", b)
        if b[0] == 0:
            a = Array(24)
            for j in unroll(0, 24):
                a[j] = acc * j + 1
            acc = a[3] * a[20]
        else:
            acc = acc + 1
    print(acc)
    return
