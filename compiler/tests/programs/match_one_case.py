# public: 7
# prints: 1
def main():
    public = 0
    match public[0]:
        case 7:
            print(1)
    return
