# public: 1 0
# prints: 3
def main():
    p = 0
    x: Imm
    if p[0] == 0:
        x = 1
    else:
        if p[1] == 1:
            x = 2
        else:
            x = 3
    print(x)
    return
