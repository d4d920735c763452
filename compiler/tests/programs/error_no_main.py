# error: NoMain
def f():
    return
