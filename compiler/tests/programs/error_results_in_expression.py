# error: WrongResultCount
def two():
    return 1, 2

def main():
    print(1 + two())
    return
