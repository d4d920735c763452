# public: 2
# prints: 1 2 4 8
def double(x):
    y = x + x
    return y

def main():
    p = 0
    v: Mut = 1
    for i in unroll(0, 4):
        y = v
        print(y)
        v = double(y)
    return
