# public: 2130706432
# outcome: NoCase
def main():
    p = 0
    print(match_range(p[0], range(0, 16), lambda i: i * i))
    return
