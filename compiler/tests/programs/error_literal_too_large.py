# error: IntegerTooLarge
def main():
    x = 2130706433
    return
