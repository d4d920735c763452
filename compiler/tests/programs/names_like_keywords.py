# public: 1
# prints: 1 2 3 4 5 6
def main():
    p = 0
    match = 1
    case = 2
    type = 3
    range_ = 4
    index = 5
    lambda_ = 6
    print(match, case, type)
    print(range_, index, lambda_)
    return
