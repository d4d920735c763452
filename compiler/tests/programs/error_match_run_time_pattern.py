# public: 1
# error: NotConstant
def main():
    p = 0
    q = p[0]
    match p[0]:
        case q:
            print(1)
    return
