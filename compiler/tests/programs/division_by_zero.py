# public: 5 0
# outcome: DivisionByZero
def main():
    public = 0
    print(public[0] / public[1])
    return
