# public: 0 1 2
# prints: 7 8 18
@inline
def f(x):
    if x == 0:
        return 7
    y = x * x
    if y == 1:
        return 8
    return y + 14

def main():
    public = 0
    for i in unroll(0, 3):
        a = f(public[i])
        print(a)
    return
