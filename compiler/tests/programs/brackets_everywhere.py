# public: 4
# prints: 20 1
def f(a, b,):
    return (a + b)

def main():
    p = (0)
    x = ((p[(0)]))
    if (x == 4):
        print((f((x), (16),)))
    if ((x)) != (5):
        print(1)
    return
