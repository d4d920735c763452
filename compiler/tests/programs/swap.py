# prints: 2 1 89 144
def main():
    a: Mut = 1
    b: Mut = 2
    a, b = b, a
    print(a, b)
    a, b = 0, 1
    for i in range(0, 11):
        a, b = b, a + b
    print(a, b)
    return
