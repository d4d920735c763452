# public: 1
# error: UnknownName
def main():
    p = 0
    if p[0] == 1:
        x = 5
    else:
        x = 6
    print(x)
    return
