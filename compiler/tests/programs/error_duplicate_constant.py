# error: DuplicateName
A = 1
A = 2

def main():
    return
