# public: 1
# error: AssignedTwice
def main():
    p = 0
    x = 3
    if p[0] == 1:
        x = 4
    print(x)
    return
