# placeholder SIZE_PLACEHOLDER: 3
# prints: 3 9
SIZE = SIZE_PLACEHOLDER
SQUARE = SIZE ** 2

def main():
    a = Array(SIZE)
    a[SIZE - 1] = SQUARE
    print(SIZE, a[2])
    return
