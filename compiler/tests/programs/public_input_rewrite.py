# public: 5
# outcome: NotEqual
def main():
    public = 0
    public[0] = 6
    return
