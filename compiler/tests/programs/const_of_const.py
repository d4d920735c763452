# prints: 3 6 10
N = 4

def tri(n: Const):
    return half((n * (n + 1)))

@inline
def half(m):
    return m / 2

def main():
    for i in unroll(2, N + 1):
        print(tri(i))
    return
