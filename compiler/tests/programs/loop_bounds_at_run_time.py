# public: 3 7
# prints: 3 4 5 6 2130706432 0
def main():
    public = 0
    for i in range(public[0], public[1]):
        print(i)
    for i in range(-1, 1):
        print(i)
    return
