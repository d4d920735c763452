# public: 1
# error: NotConstant
L = [1, 2, 3]

def main():
    p = 0
    print(L[p[0]])
    return
