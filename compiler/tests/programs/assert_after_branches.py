# public: 2 0
# outcome: NotEqual
def main():
    p = 0
    x: Mut = 1
    if p[0] == 2:
        x = 3
    else:
        x = 4
    assert x == 4, "the other arm"
    return
