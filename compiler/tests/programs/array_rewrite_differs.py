# public: 5
# outcome: NotEqual
def main():
    public = 0
    a = Array(2)
    a[1] = public[0]
    a[1] = 4
    return
