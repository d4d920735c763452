# prints: 3 2 1 6
def main():
    d = DynArray([1, 2, 3])
    s: Mut = 0
    for i in unroll(0, 3):
        x = d.pop()
        print(x)
        s += x
    assert len(d) == 0
    print(s)
    return
