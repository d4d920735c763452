# error: AssignedTwice
def main():
    x = 1
    x = 2
    return
