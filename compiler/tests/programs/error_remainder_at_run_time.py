# public: 3
# error: NotConstant
def main():
    p = 0
    print(p[0] % 2)
    return
