# error: UnrollTooLarge
def main():
    for i in unroll(0 - 2, 1):
        assert i == 7
    return
