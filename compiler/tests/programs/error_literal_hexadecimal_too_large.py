# error: IntegerTooLarge
def main():
    print(0x7f000001)
    return
