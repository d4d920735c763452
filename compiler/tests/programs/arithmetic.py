# The operations of F and their precedence.
# public: 7 3
# prints: 10 4 21 2130706430 7 13 1 2130706426
def main():
    public = 0
    a = public[0]
    b = public[1]
    print(a + b, a - b, a * b)
    print(-b)
    q = a / b
    print(q * b)
    print(a + b * 2)
    print((a + b * 2) - (a + b) - (1 + 1))
    print(-a)
    return
