# public: 100000000
# outcome: MemoryExhausted
def main():
    public = 0
    a = Array(public[0])
    a[0] = 1
    return
