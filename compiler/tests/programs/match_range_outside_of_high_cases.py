# public: 4
# outcome: NoCase
def main():
    p = 0
    print(match_range(p[0], range(20, 32), lambda i: i * i))
    return
