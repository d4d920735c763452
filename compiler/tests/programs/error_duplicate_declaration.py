# error: DuplicateName
def main():
    x: Mut = 1
    x: Mut = 2
    return
