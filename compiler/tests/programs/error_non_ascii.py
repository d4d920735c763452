# error: NonAsciiName
def main():
    größe = 1
    return
