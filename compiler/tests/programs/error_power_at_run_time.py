# public: 3
# error: NotConstant
def main():
    p = 0
    print(2 ** p[0])
    return
