# prints: 1
N = 79999

def main():
    a = 100
    assert a < 80000
    assert a <= 1000000
    assert N < 80000
    assert 70000 < 2 ** 20
    print(1)
    return
