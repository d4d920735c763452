# outcome: NotEqual
def main():
    a = Array(8)
    for i in unroll(0, 8):
        a[i] = 0
    poseidon16_halves(a, a, a, a + 4)
    return
