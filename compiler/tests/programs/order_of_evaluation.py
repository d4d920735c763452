# public: 2
# prints: 1 2 3 100 6 2 1 3 5 4 6 7 8 7 1 1 2 8 1 2 10 20 2 9 4 10 20 30 3 0 5
def show(x):
    print(x)
    return x

def two(a, b):
    return a, b

@inline
def say(x):
    print(x)
    return x

def main():
    p = 0
    n = p[0]
    # Arguments, then the call; the arguments of `print`, then what it prints.
    print(100, show(1) + show(2) + show(3))
    # Both sides from left to right, the inner first.
    x = show(2) - show(1) * show(3)
    # The values, then the targets from left to right, each its base before its index.
    a = Array(10)
    q = Array(1)
    q[0] = a
    a[show(4)], y = show(5), 0
    # Results before the index.
    q[0][show(8) - 8 + 1], z = two(show(6), show(7))
    print(z)
    assert show(1) != 0
    if show(1) == show(2) - 1:
        print(8)
    # The bounds of a loop once, before it begins.
    for i in range(show(1), show(2) + 1):
        print(10 * i)
    # `match_range` its value, then the arm; a list its index, then the argument.
    w = match_range(show(n), range(0, 2), lambda i: 0, range(2, 4), lambda i: say(i + 7))
    d = DynArray([say(10 - 6), say(10), say(20), say(30)])
    d.push(say(3))
    e = DynArray([DynArray([])])
    e[say(0)].push(say(5))
    return
