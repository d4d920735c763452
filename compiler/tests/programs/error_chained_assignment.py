# error: UnsupportedSyntax
def main():
    x = y = 3
    return
