# bits: 300 8
def main():
    public = 0
    total: Mut = 0
    for i in range(0, 300):
        b = Array(1)
        hint_witness("bits", b)
        n = b[0] + 1
        arr = Array(n)
        for j in range(0, n):
            arr[j] = i + j
        s: Mut = 0
        for j in range(0, n):
            s += arr[j]
        if s == 7:
            total += 1
        else:
            total += s
    print(total)
    return
