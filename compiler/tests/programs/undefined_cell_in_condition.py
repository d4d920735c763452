# outcome: Undefined
def main():
    a = Array(1)
    if a[0] == 0:
        print(1)
    return
