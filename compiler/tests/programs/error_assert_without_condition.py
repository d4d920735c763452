# error: UnexpectedToken
def main():
    assert
    return
