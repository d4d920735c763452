# public: 3
# prints: 4 4
def next(x):
    return x + 1

def main():
    p = 0
    next = next(p[0])
    print(next)
    for i in unroll(0, 1):
        print(next)
    return
