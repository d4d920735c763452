# error: UnsupportedSyntax
@fast
def main():
    return
