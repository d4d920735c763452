# A division fails even if its result is not used.
# public: 0
# outcome: DivisionByZero
def main():
    public = 0
    x = 1 / public[0]
    return
