# prints: 1 2
def main():
    a = Array(4)
    b = a + 2
    if a + 2 == b:
        print(1)
    c: Mut = a
    c += 2
    if c != b:
        print(9)
    else:
        print(2)
    return
