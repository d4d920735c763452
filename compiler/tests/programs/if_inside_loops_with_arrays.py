# public: 6
# prints: 9 6
def main():
    p = 0
    odd: Mut = 0
    even: Mut = 0
    parity = Array(p[0] + 1)
    parity[0] = 0
    for i in range(0, p[0]):
        parity[i + 1] = 1 - parity[i]
        if parity[i] == 1:
            odd += i
        else:
            even += i
    print(odd, even)
    return
