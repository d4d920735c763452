# public: 4
# prints: 3 2 1 0
def main():
    p = 0
    n = p[0]
    for i in range(0, n):
        print(n - 1 - i)
    return
