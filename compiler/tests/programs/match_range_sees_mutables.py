# public: 1
# prints: 7 9
def main():
    p = 0
    m: Mut = 5
    m += 1
    a = match_range(p[0], range(0, 3), lambda i: m + i)
    m += 1
    b = match_range(p[0], range(0, 3), lambda i: m + 2 * i)
    print(a, b)
    return
