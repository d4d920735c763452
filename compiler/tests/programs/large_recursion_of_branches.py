# public: 300
# prints: 903
def collatz_like(n, steps):
    if n == 0:
        return steps
    if n == 1:
        return collatz_like(0, steps + 3)
    return collatz_like(n - 1, steps + 3)

def main():
    p = 0
    print(collatz_like(p[0], 0) + 3)
    return
