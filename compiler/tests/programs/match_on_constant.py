# prints: 20 9
SELECT = 2

def pick(n: Const):
    match n:
        case 0:
            return 7
        case 1:
            return 8
        case 2:
            return 9

def main():
    match SELECT:
        case 1:
            print(10)
        case 2:
            print(20)
    print(pick(SELECT))
    return
