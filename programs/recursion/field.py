# Elements of E, points and constants (SPEC.md sections 1 and 11).
#
# An element of E is a pointer to its five coordinates, a point a pointer to its elements, one after another.
# What a function returns lies in cells of its own.
from snark_lib import *

EXT = 5  # coordinates of an element of E
MAX_VARIABLES = 28

# Constants, in the first array of every main: all functions read them at these addresses.
CONSTANTS = 32  # behind 32 public cells
ZERO = CONSTANTS  # sixteen zeros: an element, two chunks
ONE = ZERO + 16
MINUS_ONE = ONE + EXT
ONES = MINUS_ONE + EXT + 6
NUM_ONES = 32
ROUND_FACTORS = ONES + NUM_ONES  # 1, 1, 1, -1, and eight cells behind it 1, 1, 1, 1, -1
CONSTANTS_END = ROUND_FACTORS + 13


# The constants, from `table` on, which lies at CONSTANTS.
@inline
def fill_constants(table):
    for i in unroll(0, ONE - CONSTANTS):
        table[i] = 0
    table[ONE - CONSTANTS] = 1
    table[MINUS_ONE - CONSTANTS] = -1
    for i in unroll(1, EXT):
        table[ONE - CONSTANTS + i] = 0
        table[MINUS_ONE - CONSTANTS + i] = 0
    for i in unroll(0, NUM_ONES):
        table[ONES - CONSTANTS + i] = 1
    for d in unroll(2, 4):
        factors = table + (ROUND_FACTORS - CONSTANTS + 8 * (d - 2))
        for i in unroll(0, d + 1):
            factors[i] = 1
        factors[d + 1] = -1
    return


@inline
def copy(a, to):
    dot_product_be(ONES, a, to, 1)
    return


# n zeros, n at most 9.
@inline
def zeros_to(out, n: Const):
    if n >= EXT:
        # 0 * 1 + (1 - 0) * (1 - 1).
        eq_ee(ZERO, ONE, out, 1)
        zeros_to(out + EXT, n - EXT)
    else:
        for i in unroll(0, n):
            out[i] = 0
    return


@inline
def assert_same(a, b):
    for i in unroll(0, EXT):
        assert a[i] == b[i]
    return


@inline
def add(a, b):
    sum = Array(EXT)
    add_to(a, b, sum)
    return sum


@inline
def add_to(a, b, out):
    for i in unroll(0, EXT):
        out[i] = a[i] + b[i]
    return


@inline
def sub(a, b):
    difference = Array(EXT)
    sub_to(a, b, difference)
    return difference


@inline
def sub_to(a, b, out):
    for i in unroll(0, EXT):
        out[i] = a[i] - b[i]
    return


# k * a for k in F.
@inline
def scale(k, a):
    product = Array(EXT)
    for i in unroll(0, EXT):
        product[i] = k * a[i]
    return product


@inline
def mul(a, b):
    product = Array(EXT)
    dot_product_ee(a, b, product, 1)
    return product


@inline
def mul_to(a, b, out):
    dot_product_ee(a, b, out, 1)
    return


# The sum of a_i * b_i over n elements.
@inline
def dot(a, b, n: Const):
    sum = Array(EXT)
    dot_product_ee(a, b, sum, n)
    return sum


# The sum of k_i * b_i over n cells and n elements.
@inline
def dot_base(k, b, n: Const):
    sum = Array(EXT)
    dot_product_be(k, b, sum, n)
    return sum


# 1, x, .., x^(n - 1).
@inline
def powers(x, n: Const):
    list = Array(EXT * n)
    powers_to(x, list, n)
    return list


@inline
def powers_to(x, out, n: Const):
    copy(ONE, out)
    copy(x, out + EXT)
    for i in unroll(2, n):
        mul_to(out + EXT * (i - 1), x, out + EXT * i)
    return


# eq(a, b) of n coordinates, n in 0..=28.
def eq_points(a, b, n):
    return match_range(n, range(0, MAX_VARIABLES + 1), lambda k: eq_of(a, b, k))


@inline
def eq_of(a, b, n: Const):
    if n == 0:
        return ONE
    product = Array(EXT)
    eq_ee(a, b, product, n)
    return product


# eq(bits, b) of n coordinates, n in 0..=28; the bits are elements of F.
def eq_bits(bits, b, n):
    return match_range(n, range(0, MAX_VARIABLES + 1), lambda k: eq_of_bits(bits, b, k))


@inline
def eq_of_bits(bits, b, n: Const):
    if n == 0:
        return ONE
    product = Array(EXT)
    eq_be(bits, b, product, n)
    return product


# eq(point, index) for the 2^n indices.
@inline
def eq_table(point, n: Const):
    return eq_levels(point, n) + EXT * (2 ** n - 1)


# The elements of all levels of the tree of eq(point, .): those of level d from 2^d - 1 on. From the third on they begin
# at a multiple of 4, so that their dot products with elements of F are made by quads.
def eq_levels(point, n: Const):
    levels = Array(1 + EXT * (2 ** (n + 1) - 1)) + 1
    copy(ONE, levels)
    for d in unroll(0, n):
        y = point + EXT * d
        not_y = complement(y)
        for i in unroll(0, 2 ** d):
            parent = levels + EXT * (2 ** d - 1 + i)
            child = levels + EXT * (2 ** (d + 1) - 1 + 2 * i)
            mul_to(parent, not_y, child)
            mul_to(parent, y, child + EXT)
    return levels


# 1 - y.
@inline
def complement(y):
    result = Array(EXT)
    eq_ee(ZERO, y, result, 1)
    return result


# 11.3: the extension, at a point of n coordinates, of the indices below the number of these digits, and of that index.
def below(digits, point, n: Const):
    # eq of the first digits and coordinates.
    equal = Array(EXT * (n + 1))
    copy(ONE, equal)
    for i in unroll(0, n):
        factor = eq_of_bits(digits + i, point + EXT * i, 1)
        mul_to(equal + EXT * i, factor, equal + EXT * (i + 1))
    if n == 0:
        return ZERO, equal
    # Where a digit is 1, the indices that have 0 there, and are as the number before.
    with_digit = dot_base(digits, equal, n)
    with_one = dot_base(digits, equal + EXT, n)
    smaller = sub(with_digit, with_one)
    return smaller, equal + EXT * n


# The inverse of an element that is not 0.
@inline
def assert_nonzero(a):
    inverse = Array(EXT)
    hint_witness("inverse", inverse)
    product = mul(a, inverse)
    assert_same(product, ONE)
    return
