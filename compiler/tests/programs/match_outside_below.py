# public: 4
# outcome: NoCase
def main():
    p = 0
    match p[0]:
        case 5:
            print(1)
        case 6:
            print(2)
    return
