# error: MutInParallelLoop
def main():
    x: Mut = 0
    for i in parallel_range(0, 3):
        x += i
    return
