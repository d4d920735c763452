# public: 3
# outcome: NotEqual
def f(x):
    assert x == 2
    return x

def main():
    p = 0
    _ = f(p[0])
    return
