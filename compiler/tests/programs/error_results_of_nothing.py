# error: WrongResultCount
def f():
    return

def main():
    a = f()
    return
