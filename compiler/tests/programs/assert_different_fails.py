# public: 5
# outcome: Equal
def main():
    public = 0
    assert public[0] != 5
    return
