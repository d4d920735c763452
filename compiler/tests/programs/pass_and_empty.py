# prints: 1
def nothing():
    pass

def main():
    nothing()
    x = 1
    if x == 1:
        pass
    else:
        x_is_not_one = 1
    for i in unroll(0, 3):
        pass
    print(x)
