# public: 5 9
# prints: 1 3 12
KEYS = [4, 5, 6]

@inline
def find(x):
    for i in unroll(0, len(KEYS)):
        if KEYS[i] == x:
            return i
    return len(KEYS)

@inline
def first_of_two(x, y):
    for i in unroll(0, 2):
        if x == i:
            for j in unroll(0, 2):
                if y == j:
                    return 10 * i + j
    return 12

def main():
    p = 0
    print(find(p[0]), find(p[1]))
    print(first_of_two(p[0], p[1]))
    return
