# error: IndexOutOfBounds
def main():
    a = Array(3)
    for i in unroll(0, 4):
        a[i] = i
    return
