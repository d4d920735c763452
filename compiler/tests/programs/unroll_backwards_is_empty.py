# prints: 1
def main():
    for i in unroll(5, 3):
        print(9)
    for i in unroll(3, 3):
        print(9)
    print(1)
    return
