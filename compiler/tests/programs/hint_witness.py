# private left: 1 2 3
# private right: 10
# private left: 4 5 6
# prints: 1 6 10
def main():
    a = Array(6)
    hint_witness("left", a)
    hint_witness("left", a + 3)
    b = Array(1)
    hint_witness("right", b)
    print(a[0], a[5], b[0])
    return
