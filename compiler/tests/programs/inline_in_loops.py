# public: 3
# prints: 0 2 10 8
@inline
def step(s, i):
    t = i * i
    u: Mut = s + t
    u += t
    return u

def main():
    p = 0
    s: Mut = 0
    for i in range(0, p[0]):
        s = step(s, i)
        if i != 0:
            print(s - 0 * i)
        else:
            print(i)
    # Each turn adds twice the square of i.
    print(step(6, 1))
    return
