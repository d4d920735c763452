# private a: 1 2
# private b: 3
# private a: 4
# prints: 1 3 4 2
def main():
    a = Array(2)
    b = Array(1)
    c = Array(1)
    hint_witness("a", a)
    hint_witness("b", b)
    hint_witness("a", c)
    print(a[0], b[0], c[0], a[1])
    return
