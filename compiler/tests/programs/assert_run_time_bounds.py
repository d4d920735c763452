# public: 3 4 70000
# prints: 1
def main():
    public = 0
    assert public[0] < public[1]
    assert public[0] <= public[0]
    assert public[1] <= public[2]
    print(1)
    return
