# public: 6
# prints: 720 21
def mul_add(x, y, i):
    return x * i, y + i

def main():
    p = 0
    x: Mut = 1
    y: Mut = 0
    for i in range(1, p[0] + 1):
        x, y = mul_add(x, y, i)
    print(x, y)
    return
