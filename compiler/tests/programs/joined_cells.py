# Cells may be passed on before they have a value.
# prints: 8 8 8
def same(x):
    return x

def main():
    a = Array(3)
    a[1] = a[0]
    x = same(a[1])
    assert x == a[2]
    a[2] = 8
    print(x, a[0], a[1])
    return
