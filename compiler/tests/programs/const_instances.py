# One instance for each combination of compile-time arguments; their run-time arguments differ.
# prints: 5 25 125 7 49
def power(x, n: Const, step: Const):
    result: Mut = 1
    for i in unroll(0, n):
        for j in unroll(0, step):
            result *= x
    return result

def main():
    print(power(5, 1, 1), power(5, 2, 1), power(5, 1, 3), power(7, 1, 1), power(7, 1, 2))
    return
