# error: UnknownFunction
def main():
    main()
    return
