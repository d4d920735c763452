# bits: 3000 2
def is_zero(x):
    if x == 0:
        return 1
    return 0

def main():
    public = 0
    count: Mut = 0
    for i in range(0, 3000):
        b = Array(1)
        hint_witness("bits", b)
        z = is_zero(b[0])
        count += z
    print(count)
    return
