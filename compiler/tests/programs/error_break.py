# error: UnsupportedSyntax
def main():
    for i in range(0, 3):
        break
    return
