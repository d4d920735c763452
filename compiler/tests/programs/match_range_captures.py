# A lambda uses variables of its function.
# public: 2 3
# prints: 32 103 6
TABLE = [[1, 2], [3], [4, 5, 6]]

def last_of(row: Const):
    return TABLE[row][len(TABLE[row]) - 1]

def main():
    public = 0
    a = public[0]
    b = 10 * public[1]
    x = match_range(a, range(0, 4), lambda i: i + b)
    print(x)
    y = match_range(public[1], range(2, 3), lambda i: a, range(3, 4), lambda i: i + 100)
    print(y)
    print(match_range(a, range(0, 3), lambda row: last_of(row)))
    return
