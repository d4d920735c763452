# public: 4 3
# outcome: OutOfRange
def main():
    public = 0
    assert public[0] <= public[1]
    return
