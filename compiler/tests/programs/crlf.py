# Lines end with carriage return and newline.
# prints: 3
def main():
    x = 1 + \
        2
    print(x)
    return
