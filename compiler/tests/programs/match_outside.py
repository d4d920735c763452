# public: 4
# outcome: NoCase
def main():
    public = 0
    match public[0]:
        case 5:
            print(1)
        case 6:
            print(2)
    return
