# public: 1
# prints: 5
def main():
    p = 0
    match p[0]:
        case 0:
            pass
        case 1:
            pass
    print(5)
    return
