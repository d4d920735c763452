# Nothing is less than 0.
# public: 0
# outcome: OutOfRange
def main():
    public = 0
    assert public[0] < 0
    return
