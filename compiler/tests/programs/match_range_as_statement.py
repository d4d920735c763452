# public: 1
# prints: 11
def show(n: Const):
    print(n + 10)
    return

def main():
    p = 0
    match_range(p[0], range(0, 3), lambda n: show(n))
    return
