# error: RangeCheckBound
def main():
    p = 0
    assert p[0] < 65537
    return
