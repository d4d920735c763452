# prints: 4 8
def f(n: Const):
    x: Mut = 1
    if n == 0:
        x = 4
    else:
        for i in unroll(0, n):
            x = x * 2
    return x

def main():
    print(f(0), f(3))
    return
