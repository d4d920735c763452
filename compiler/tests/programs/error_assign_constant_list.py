# error: NotAssignable
L = [1, 2]

def main():
    L[0] = 3
    return
