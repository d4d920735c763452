# public: 5
# prints: 10 5 120
def main():
    public = 0
    n = public[0]
    sum: Mut = 0
    turns: Mut = 0
    for i in range(0, n):
        sum += i
        turns += 1
    print(sum, turns)
    product: Mut = 1
    for i in range(1, n + 1):
        product *= i
    print(product)
    for i in range(n, n):
        print(0)
    return
