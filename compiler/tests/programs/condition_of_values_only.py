# public: 1 0
# prints: 1 2
def main():
    p = 0
    if p[0]:
        print(1)
    if p[1]:
        print(9)
    else:
        print(2)
    return
