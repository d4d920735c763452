# public: 4
# prints: 1 4 5 9
def main():
    p = 0
    print("text")
    print()
    print("a", 1, "b", p[0])
    print(p[0] + 1, 'c')
    print("done # not a comment", 9)
    return
