# bits: 3000 2
def f(x, b):
    if b == 0:
        return x + 1
    y = x * x
    z = y * x + y
    w = z * z + x
    return w * w

def main():
    public = 0
    acc: Mut = public[0]
    for i in range(0, 3000):
        b = Array(1)
        hint_witness("bits", b)
        acc = f(acc, b[0])
    print(acc)
    return
