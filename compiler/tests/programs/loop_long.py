# public: 2000
# prints: 1999000 2000
def depth(n):
    if n == 0:
        return 0
    return depth(n - 1) + 1

def main():
    public = 0
    sum: Mut = 0
    for i in range(0, public[0]):
        sum += i
    print(sum, depth(public[0]))
    return
