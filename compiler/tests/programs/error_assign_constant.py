# error: Shadowing
N = 3

def main():
    N += 1
    return
