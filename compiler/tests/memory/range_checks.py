# bits: 2000 4
def main():
    public = 0
    count: Mut = 0
    for i in range(0, 2000):
        v = Array(1)
        hint_witness("bits", v)
        assert v[0] < 4
        if v[0] == 0:
            count += 1
        else:
            if v[0] == 1:
                count += 2
            else:
                a = v[0] * v[0]
                b = a * a
                count += b
    print(count)
    return
