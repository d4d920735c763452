# public: 1
# error: MatchNotConsecutive
def main():
    p = 0
    x = match_range(p[0], range(0, 2), lambda i: i, range(3, 4), lambda i: i)
    return
