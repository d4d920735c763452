# error: DuplicateName
def f():
    return

def f():
    return

def main():
    return
