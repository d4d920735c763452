# public: 1
# error: UnsupportedSyntax
def main():
    p = 0
    if p[0] < 3:
        print(1)
    return
