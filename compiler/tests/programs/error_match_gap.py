# error: MatchNotConsecutive
def main():
    p = 0
    match p[0]:
        case 0:
            print(0)
        case 2:
            print(2)
    return
