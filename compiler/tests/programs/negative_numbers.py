# prints: 2130706431 3 1 2130706432
def main():
    x = -2
    print(x, -x + 1, -1 * -1, -(1))
    for i in range(-2, 0):
        assert i + 3 != 0
    return
