# error: UnknownName
A = B + 1
B = A

def main():
    return
