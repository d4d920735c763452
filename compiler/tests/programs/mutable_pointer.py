# public: 5
# prints: 5 10 15
def main():
    p = 0
    a = Array(3)
    at: Mut = a
    v: Mut = p[0]
    for i in unroll(0, 3):
        at[0] = v
        at += 1
        v += p[0]
    at = at - 3
    for i in range(0, 3):
        print(at[i])
    return
