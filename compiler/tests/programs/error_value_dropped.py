# error: UnsupportedSyntax
def main():
    x = 3
    x + 1
    return
