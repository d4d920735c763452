# prints: 255 1000000 5 0
def main():
    print(0xff, 1_000_000, (((5))), 0)
    return
