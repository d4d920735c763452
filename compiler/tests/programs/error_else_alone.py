# error: UnexpectedToken
def main():
    else:
        print(1)
    return
