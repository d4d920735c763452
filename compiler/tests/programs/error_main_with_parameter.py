# error: MissingMain
def main(x):
    return
