# public: 3
# outcome: NotEqual
def main():
    p = 0
    a = Array(1)
    for i in range(0, p[0]):
        a[0] = i
    return
