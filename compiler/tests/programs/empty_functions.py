# prints: 5
def nothing():
    pass

def nothing_with_return():
    return

@inline
def nothing_inline(x):
    pass

def main():
    nothing()
    nothing_with_return()
    nothing_inline(3)
    print(5)
    return
