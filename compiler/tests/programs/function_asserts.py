# A function without results is still run.
# public: 7
# outcome: NotEqual
def demand(x):
    assert x == 6
    return

def main():
    public = 0
    demand(public[0])
    return
