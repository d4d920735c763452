# public: 3
# prints: 19
def main():
    p = 0
    print(1 + 2 * match_range(p[0], range(0, 5), lambda i: i * i))
    return
