# public: 2130706432
# prints: 0 1 2130706431
def main():
    public = 0
    x = public[0]
    print(x + 1, x * x, x + x)
    return
