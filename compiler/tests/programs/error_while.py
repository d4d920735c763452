# error: UnsupportedSyntax
def main():
    while 1 == 1:
        print(1)
    return
