# bits: 3000 2
def main():
    public = 0
    acc: Mut = public[0]
    for i in range(0, 3000):
        b = Array(1)
        hint_witness("bits", b)
        match b[0]:
            case 0:
                acc = acc + 1
            case 1:
                acc = acc * acc + acc
    print(acc)
    return
