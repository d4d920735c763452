# public: 1 2 3
# prints: 1 10 2 20 0 0
def f(x):
    if x == 1:
        return 1, 10
    if x == 2:
        y = x * 10
        return x, y
    return 0, 0

def main():
    p = 0
    for i in unroll(0, 3):
        a, b = f(p[i])
        print(a, b)
    return
