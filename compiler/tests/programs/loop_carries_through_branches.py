# Mut variables that are assigned in branches, matches and inner loops of a loop.
# public: 6
# prints: 3 60 44 9
def main():
    public = 0
    even: Mut = 0
    kinds: Mut = 0
    inner: Mut = 0
    untouched: Mut = 9
    parity: Mut = 0
    for i in range(0, public[0]):
        if parity == 0:
            even += 1
            parity = 1
        else:
            parity = 0
        match i:
            case 0:
                kinds += 1
            case 1:
                kinds += 2
            case 2:
                kinds = 10 * kinds
            case 3:
                for j in range(0, i):
                    kinds += 0
            case 4:
                if kinds != 30:
                    assert False
            case 5:
                kinds = 2 * kinds
        for j in range(i, public[0]):
            for k in unroll(0, 2):
                inner += k
            inner += 1
        if i == 5:
            inner += 2
    print(even, kinds, inner, untouched)
    return
