# prints: 8 3
def grow(x: Mut, n: Const):
    for i in unroll(0, n):
        x += 1
    return x

def main():
    x = 3
    print(grow(x, 5))
    print(x)
    return
