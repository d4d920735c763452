# public: 1 8
# prints: 8 8 7
def main():
    p = 0
    for i in range(0, p[0]):
        print(p[1])
    for i in range(7, p[1]):
        print(i + 1)
        x = i
        print(x)
    return
