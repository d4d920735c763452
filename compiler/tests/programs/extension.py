# (X^4)^2 = X^8 = X^3 (1 - X^2) = X^3 - X^5 = X^3 + X^2 - 1.
# prints: 2130706432 0 1 1 0 7 2130706428
def main():
    x = Array(5)
    for i in unroll(0, 4):
        x[i] = 0
    x[4] = 1
    square = Array(5)
    dot_product_ee(x, x, square, 1)
    for i in unroll(0, 5):
        print(square[i])
    three = Array(1)
    three[0] = 3
    four = Array(5)
    four[0] = 4
    for i in unroll(1, 5):
        four[i] = 0
    # 3·4 + (1 - 3)(1 - 4) = 18; 3·4 - 5 = 7
    product = Array(5)
    dot_product_be(three, four, product, 1)
    print(product[0] - 5)
    e = Array(5)
    eq_be(three, four, e, 1)
    f = Array(5)
    eq_ee(four, four, f, 1)
    assert f[0] == 25
    print(e[0] - 23)
    return
