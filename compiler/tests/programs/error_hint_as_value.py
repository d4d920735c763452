# error: WrongResultCount
def main():
    a = Array(1)
    x = hint_witness("a", a)
    return
