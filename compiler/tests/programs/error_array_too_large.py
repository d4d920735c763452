# error: ArrayTooLarge
def main():
    a = Array(2 ** 27)
    a[0] = 1
    return
