# public: 3 4 7
# prints: 1
def main():
    p = 0
    if p[0] + p[1] == p[2]:
        if p[0] * p[1] != p[2] + 5:
            print(2)
        elif p[0] - p[2] == 0 - p[1]:
            print(1)
    return
