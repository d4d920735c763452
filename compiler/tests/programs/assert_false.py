# public: 1
# outcome: AssertFalse
def main():
    public = 0
    if public[0] == 1:
        assert False, "one is not accepted"
    return
