# public: 7 0
# prints: 1 2 3 4
def main():
    p = 0
    if 7 == p[0]:
        print(1)
    if 0 == p[1]:
        print(2)
    if -1 != p[0]:
        print(3)
    if p[0] == 2130706432:
        print(9)
    else:
        print(4)
    return
