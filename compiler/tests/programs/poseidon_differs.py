# outcome: NotEqual
def main():
    a = Array(8)
    for i in unroll(0, 8):
        a[i] = 0
    poseidon2_16(a, a, a)
    return
