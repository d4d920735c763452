# outcome: OutOfRange
def main():
    a = 90000
    assert a < 80000
    return
