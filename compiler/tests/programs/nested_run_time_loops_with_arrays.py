# public: 3
# prints: 0 1 2 1 2 3 2 3 4 18
def main():
    p = 0
    n = p[0]
    grid = Array(n * n)
    for i in range(0, n):
        for j in range(0, n):
            grid[i * n + j] = i + j
    total: Mut = 0
    for i in range(0, n):
        for j in range(0, n):
            print(grid[i * n + j])
            total += grid[i * n + j]
    print(total)
    return
