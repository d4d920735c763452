# An equal rewrite is legal.
# public: 4
# prints: 4
def main():
    public = 0
    a = Array(2)
    a[1] = public[0]
    a[1] = 4
    public[0] = 4
    print(a[1])
    return
