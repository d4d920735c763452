# public: 2 3 5
# outcome: NotEqual
def main():
    p = 0
    assert p[0] * p[1] == p[2]
    return
