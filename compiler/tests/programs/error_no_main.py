# error: MissingMain
def f():
    return
