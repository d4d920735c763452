# public: 1000000007
# prints: 2
def main():
    p = 0
    match p[0]:
        case 1000000006:
            print(1)
        case 1000000007:
            print(2)
    return
