# public: 4
# prints: 10
@inline
def sum(list):
    s: Mut = 0
    for i in unroll(0, len(list)):
        s += list[i]
    return s

def main():
    p = 0
    print(sum(DynArray([1, 2, p[0], 3])))
    return
