# public: 6
# outcome: NoCase
def main():
    p = 0
    print(match_range(p[0], range(0, 6), lambda i: i * i))
    return
