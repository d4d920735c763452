# prints: 0 10 2 30
def main():
    for i in unroll(0, 4):
        match i:
            case 0:
                print(0)
            case 1:
                print(10)
            case 2:
                print(i)
            case 3:
                x = i * 10
                print(x)
    return
