# error: NotConstant
@inline
def grow(d, v):
    d.push(v)
    return

def main():
    p = 0
    d = DynArray([])
    grow(d, p[0])
    for i in unroll(0, len(d)):
        assert d[i] == 77
    return
