# public: 5
# prints: 0 1 2 3 4 10
def main():
    public = 0
    sum: Mut = 0
    for i in dynamic_unroll(0, public[0], 3):
        print(i)
        sum += i
    print(sum)
    return
