# public: 2
# prints: 8 2 5
@inline
def f(y):
    x = y + 1
    t: Mut = x
    t += x
    return t

def main():
    p = 0
    x = p[0]
    t = 5
    print(f(x + 1), x, t)
    return
