# error: UnrollTooLarge
def main():
    x: Mut = 0
    for i in unroll(0, 2 ** 30):
        x += i
    return
