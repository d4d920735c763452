# public: 1
# error: UnsupportedSyntax
def main():
    p = 0
    match p[0]:
        case 0:
            print(1)
        case _:
            print(2)
    return
