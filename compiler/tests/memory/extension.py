# public: 1 2 3 4 5
def main():
    public = 0
    acc: Mut = public
    for i in range(0, 1000):
        x = Array(5)
        dot_product_ee(acc, public, x, 1)
        y = Array(5)
        for j in unroll(0, 5):
            y[j] = x[j] + 1
        acc = y
    print(acc[0])
    return
