# public: 8
# outcome: NoCase
def main():
    public = 0
    x = match_range(public[0], range(0, 8), lambda i: i * i)
    print(x)
    return
