# A function writes through a pointer of its caller.
# prints: 5 25
def fill(x, out):
    out[0] = x
    out[1] = x * x
    return

def main():
    pair = Array(2)
    fill(5, pair)
    print(pair[0], pair[1])
    return
