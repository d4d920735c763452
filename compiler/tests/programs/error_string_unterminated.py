# error: UnterminatedString
def main():
    assert False, "no end
