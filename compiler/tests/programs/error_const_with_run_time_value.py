# public: 3
# error: NotConstant
def f(n: Const):
    return n

def main():
    p = 0
    print(f(p[0]))
    return
