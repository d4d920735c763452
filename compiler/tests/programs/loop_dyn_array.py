# A compile-time list read in a run-time loop.
# public: 3
# prints: 33 63 93
def main():
    public = 0
    d = DynArray([])
    for i in unroll(0, 3):
        d.push(public[0] + 10 * i)
    for i in range(1, 4):
        print(i * (d[1] + d[2] - 6) + d[0])
    return
