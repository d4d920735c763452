# The public region is padded by zeros to a power of two of chunks.
# public: 1 2 3 4 5 6 7 8 9
# prints: 9 0 0
def main():
    public = 0
    print(public[8], public[9], public[15])
    return
