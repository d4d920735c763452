# public: 6
# prints: 0 1 8 27 64 125
def main():
    public = 0
    n = public[0]
    cubes = Array(n)
    for i in parallel_range(0, n):
        square = i * i
        cubes[i] = square * i
    for i in range(0, n):
        print(cubes[i])
    return
