# public: 3 4
# prints: 2
def main():
    p = 0
    r: Mut = 0
    if p[0] != 3:
        r = 1
    elif p[1] != 5:
        r = 2
    elif p[1] == 4:
        r = 3
    print(r)
    return
