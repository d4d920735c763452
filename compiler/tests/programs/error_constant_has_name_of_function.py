# error: DuplicateName
f = 3

def f():
    return

def main():
    return
