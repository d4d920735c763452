# prints: 1 2 3
@inline
def fill(a, n):
    for i in unroll(0, n):
        a[i] = i + 1
    return

def main():
    a = Array(3)
    fill(a, 3)
    print(a[0], a[1], a[2])
    return
