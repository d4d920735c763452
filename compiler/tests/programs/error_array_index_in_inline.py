# error: IndexOutOfBounds
@inline
def set(a, n):
    a[n] = 1
    return

def main():
    a = Array(3)
    set(a, 3)
    return
