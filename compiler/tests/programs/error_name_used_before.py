# error: UnknownName
def main():
    print(x)
    x = 5
    return
