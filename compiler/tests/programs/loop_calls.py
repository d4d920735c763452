# A loop in a function that is called in a loop, with early results of both.
# public: 3
# prints: 0 1 3 4
def sum_to(n):
    s: Mut = 0
    for i in range(0, n):
        s += i + 1
    return s

def main():
    public = 0
    total: Mut = 0
    for i in range(0, public[0]):
        s = sum_to(i)
        print(s)
        total += s
    print(total)
    return
