# public: 2000
# prints: 2001000
def sum(n, s):
    if n == 0:
        return s
    return sum(n - 1, s + n)

def main():
    p = 0
    print(sum(p[0], 0))
    return
