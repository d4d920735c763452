# public: 3 7
# prints: 18
def main():
    p = 0
    s: Mut = 0
    for i in dynamic_unroll(p[0], p[1], 20):
        s += i
    for i in dynamic_unroll(p[0], p[0], 30):
        s += 1
    for i in dynamic_unroll(p[0], p[0], 31):
        s += 1
    print(s)
    return
