# public: 3
# error: NotConstant
def main():
    p = 0
    for i in unroll(0, p[0]):
        print(i)
    return
