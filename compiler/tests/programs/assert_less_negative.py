# public: 2130706432
# outcome: OutOfRange
def main():
    public = 0
    assert public[0] <= 65535
    return
