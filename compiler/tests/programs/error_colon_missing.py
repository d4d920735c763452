# error: UnexpectedToken
def main()
    return
