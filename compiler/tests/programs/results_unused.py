# public: 2
# prints: 5
def f(x):
    assert x == 2
    return x, x

def main():
    p = 0
    f(p[0])
    _, _ = f(p[0])
    a, _ = f(p[0])
    print(5)
    return
