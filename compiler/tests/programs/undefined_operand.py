# outcome: Undefined
def main():
    a = Array(2)
    a[0] = 1
    print(a[0] + a[1])
    return
