# error: IndexOutOfBounds
def main():
    a = Array(2)
    a[2] = 1
    return
