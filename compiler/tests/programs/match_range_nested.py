# public: 1 2
# prints: 12
def main():
    p = 0
    x = match_range(p[0], range(0, 2), lambda i: match_range(p[1], range(0, 3), lambda j: 10 * i + j))
    print(x)
    return
