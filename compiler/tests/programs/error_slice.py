# error: UnsupportedSyntax
L = [1, 2, 3]

def main():
    x = L[0:2]
    return
