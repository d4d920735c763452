# error: MissingMain
@inline
def main():
    return
