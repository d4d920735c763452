# error: UnsupportedSyntax
def main():
    def f():
        return
    return
