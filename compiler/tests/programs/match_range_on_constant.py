# prints: 9 16
def square(n: Const):
    return n * n

def main():
    print(match_range(3, range(0, 5), lambda i: square(i)))
    for k in unroll(4, 5):
        print(match_range(k, range(4, 6), lambda i: square(i)))
    return
