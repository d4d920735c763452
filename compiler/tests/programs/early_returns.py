# public: 0 1 2 3 4 5
# prints: 100 201 302 403 599 599
def classify(x):
    if x == 0:
        return 100
    y: Mut = 200 + x
    if x != 1:
        y += 100
        if x == 2:
            return y
        else:
            y += 100
        match x:
            case 3:
                return y
            case 4:
                y += 0
            case 5:
                y -= 1
        if y == 404:
            return y + 195
        else:
            return y + 95
    return y

def main():
    public = 0
    for i in range(0, 6):
        print(classify(public[i]))
    return
