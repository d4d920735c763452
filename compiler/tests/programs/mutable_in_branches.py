# public: 1 0
# prints: 11 20
def pick(c):
    x: Mut = 10
    if c == 1:
        x += 1
    else:
        x = 2 * x
    return x

def main():
    public = 0
    print(pick(public[0]))
    print(pick(public[1]))
    return
