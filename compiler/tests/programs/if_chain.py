# public: 0 1 2 3
# prints: 100 101 102 999
def classify(x):
    r: Mut = 0
    if x == 0:
        r = 100
    elif x == 1:
        r = 101
    elif x != 2:
        r = 999
    else:
        r = 102
    return r

def main():
    public = 0
    for i in unroll(0, 4):
        print(classify(public[i]))
    return
