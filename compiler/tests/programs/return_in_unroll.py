# The first index of 5.
# public: 1 2 5 5
# prints: 2 4
def find(p, value):
    for i in unroll(0, 4):
        if p[i] == value:
            return i
    return 4

def main():
    public = 0
    print(find(public, 5), find(public, 6))
    return
