# bits: 3000 2
def main():
    public = 0
    acc: Mut = 1
    x: Mut = public[0]
    for i in range(0, 3000):
        b = Array(1)
        hint_witness("bits", b)
        if b[0] == 1:
            acc = acc * x + 3
            acc = acc * acc
        x = x * x + 1
    print(acc)
    return
