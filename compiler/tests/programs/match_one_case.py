# public: 3
# prints: 8 9
def main():
    p = 0
    match p[0]:
        case 3:
            print(8)
    print(match_range(p[0], range(3, 4), lambda i: i * i))
    return
