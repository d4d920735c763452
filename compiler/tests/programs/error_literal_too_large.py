# error: LiteralTooLarge
def main():
    x = 2130706433
    return
