# public: 30 99
# prints: 2 4
VALUES = [10, 20, 30, 40]

def find(x):
    for i in unroll(0, len(VALUES)):
        if x == VALUES[i]:
            return i
    return len(VALUES)

def main():
    p = 0
    print(find(p[0]), find(p[1]))
    return
