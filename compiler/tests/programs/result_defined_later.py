# A result may be a cell that gets its value after the return.
# prints: 11
def cell(p):
    return p[0]

def main():
    p = Array(1)
    x = cell(p)
    y = Array(1)
    y[0] = x
    p[0] = 11
    print(y[0])
    return
