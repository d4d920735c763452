# error: NonAscii
def main():
    größe = 1
    return
