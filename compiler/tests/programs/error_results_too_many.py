# error: WrongResultCount
def two():
    return 1, 2

def main():
    a = two()
    return
