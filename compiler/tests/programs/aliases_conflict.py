# public: 1
# outcome: NotEqual
def main():
    public = 0
    a = Array(3)
    a[1] = 4
    c = a + public[0]
    c[0] = 5
    return
