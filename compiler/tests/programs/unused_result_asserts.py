# A call is not dropped because its result is.
# public: 7
# outcome: OutOfRange
def limited(x):
    assert x < 7
    return x

def main():
    public = 0
    _ = limited(public[0])
    return
