# error: BadAnnotation
def main():
    x: Foo = 5
    return
