# public: 2 3
# prints: 6 1
def main():
    p = 0
    match p[0] * p[1] - 5:
        case 0:
            print(5)
        case 1:
            print(6)
    match p[1] - p[0]:
        case 0:
            print(0)
        case 1:
            print(1)
    return
