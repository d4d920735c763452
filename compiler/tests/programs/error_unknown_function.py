# error: UnknownFunction
def main():
    f(1)
    return
