# public: 3
# prints: 1 3
def main():
    public = 0
    if public[0] != 4:
        print(1)
    if public[0] == 4:
        print(2)
    print(3)
    return
