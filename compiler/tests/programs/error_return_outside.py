# error: UnexpectedToken
return 5

def main():
    return
