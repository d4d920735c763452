# 0 / 0 is refused, not a free choice.
# public: 0 0
# outcome: DivisionByZero
def main():
    public = 0
    x = public[0] / public[1]
    assert x == 5
    return
