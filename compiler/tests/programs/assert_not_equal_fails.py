# public: 4
# outcome: Equal
def main():
    p = 0
    assert p[0] != 4
    return
