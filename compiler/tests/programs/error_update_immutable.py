# public: 1
# error: AssignedTwice
def main():
    p = 0
    x = p[0]
    x += 1
    return
