# error: UnknownName
def main():
    print(x)
    return
