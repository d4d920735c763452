# public: 1
# prints: 10 20 30 1
def main():
    p = 0
    if p[0] == 1:
        x = 10
        print(x)
    else:
        x = 11
        print(x)
    for i in unroll(0, 1):
        x = 20
        print(x)
    for i in range(0, 1):
        x = 30
        print(x)
    x = 1
    print(x)
    return
