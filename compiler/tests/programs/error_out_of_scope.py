# error: UnknownName
def main():
    p = 0
    if p[0] == 0:
        x = 1
    else:
        x = 2
    print(x)
    return
