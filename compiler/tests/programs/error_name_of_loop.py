# error: UnknownName
def main():
    for i in range(0, 3):
        x = i
    print(i)
    return
