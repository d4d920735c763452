# outcome: NotEqual
def main():
    a = Array(2)
    a[0] = a[1]
    a[0] = 1
    a[1] = 2
    return
