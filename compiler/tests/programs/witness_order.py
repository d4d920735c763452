# Hints run in the order of the program, also in loops and calls.
# private word: 1
# private word: 2
# private word: 3
# private word: 4
# private word: 5
# prints: 1 2 3 4 5
def next():
    cell = Array(1)
    hint_witness("word", cell)
    return cell[0]

@inline
def next_inline():
    cell = Array(1)
    hint_witness("word", cell)
    return cell[0]

def main():
    print(next())
    for i in range(0, 2):
        x = next_inline()
        print(x)
    a = next()
    b = next_inline()
    print(a, b)
    return
