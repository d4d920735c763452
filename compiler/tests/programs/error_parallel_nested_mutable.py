# public: 3
# error: MutInParallelLoop
def main():
    p = 0
    x: Mut = 0
    for i in parallel_range(0, p[0]):
        for j in range(0, 2):
            x += j
    print(x)
    return
