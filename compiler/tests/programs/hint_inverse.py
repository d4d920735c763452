# public: 4 0
# prints: 1 0
def main():
    public = 0
    t = Array(2)
    hint_inverse(public[0], t)
    hint_inverse(public[1], t + 1)
    print(t[0] * public[0], t[1])
    return
