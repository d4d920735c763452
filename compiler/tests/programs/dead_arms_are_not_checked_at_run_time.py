# prints: 3
N = 2
L = [1, 2]

def get(i: Const):
    if i < len(L):
        return L[i]
    return 3

def main():
    print(get(N))
    return
