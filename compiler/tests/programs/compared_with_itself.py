# public: 4
# prints: 1 2
def main():
    p = 0
    x = p[0]
    if x == x:
        print(1)
    if x != x + 0:
        print(9)
    else:
        print(2)
    return
