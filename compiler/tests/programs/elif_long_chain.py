# public: 0 3 6 9
# prints: 1 4 7 99
def f(x):
    if x == 0:
        return 1
    elif x == 1:
        return 2
    elif x == 2:
        return 3
    elif x == 3:
        return 4
    elif x == 4:
        return 5
    elif x == 5:
        return 6
    elif x == 6:
        return 7
    else:
        return 99

def main():
    p = 0
    for i in unroll(0, 4):
        print(f(p[i]))
    return
