# public: 1
# error: MatchNotConsecutive
def main():
    p = 0
    match p[0]:
        case 1:
            print(1)
        case 1:
            print(2)
    return
