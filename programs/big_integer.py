# big_integer: the prover knows two factors of a public number, each at least 2^10.
#
# Public input   [limb_0 .. limb_15], the number in base 2^10, lowest limb first
# Private input  "factor": two lists of eight limbs below 2^10
# Fails          if a limb is too large, a factor is too small, or the product is another number.
from snark_lib import *

LIMB_BITS = 10
BASE = 2 ** LIMB_BITS
LIMBS = 8
# A column of the product is at most 8·(2^10 - 1)^2 and a carry, which is below 2^24.
COLUMN_BITS = 24


def main():
    public = 0
    a = factor()
    b = factor()
    carry: Mut = 0
    for column in unroll(0, 2 * LIMBS):
        sum: Mut = carry
        first = saturating_sub(column + 1, LIMBS)
        for i in unroll(first, column + 1 - first):
            sum += a[i] * b[column - i]
        limb, next_carry = split(sum)
        assert limb == public[column], "another product"
        carry = next_carry
    assert carry == 0
    return


def factor():
    limbs = Array(LIMBS)
    hint_witness("factor", limbs)
    for i in unroll(0, LIMBS):
        assert limbs[i] < BASE
    high: Mut = 0
    for i in unroll(1, LIMBS):
        high += limbs[i]
    assert high != 0, "a factor below 2^10"
    return limbs


# A column as limb + BASE·carry.
def split(sum):
    bits = Array(COLUMN_BITS)
    hint_decompose_bits(sum, bits, COLUMN_BITS)
    carry = number(bits, COLUMN_BITS - LIMB_BITS)
    limb = number(bits + COLUMN_BITS - LIMB_BITS, LIMB_BITS)
    assert sum == limb + BASE * carry
    return limb, carry


# The number of `length` bits, the highest first.
@inline
def number(bits, length):
    value: Mut = 0
    for i in unroll(0, length):
        assert bits[i] * bits[i] == bits[i]
        value = 2 * value + bits[i]
    return value
