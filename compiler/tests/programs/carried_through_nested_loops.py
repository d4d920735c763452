# public: 3 4
# prints: 12 34 7
def main():
    public = 0
    count: Mut = 0
    weighted: Mut = 0
    last: Mut = 0
    for i in range(0, public[0]):
        row: Mut = 0
        for j in range(0, public[1]):
            count += 1
            row += i * j
            if j == 3:
                last = i * 2 + j
        weighted = weighted + row
        if i == 1:
            weighted += 16
        elif i == 2:
            pass
        else:
            weighted += 0
    print(count, weighted, last)
    return
