# leanxmss42: n signatures of the scheme leanxmss42 (SPEC.md section 21) are valid for one message and one slot.
#
# Public input   [n, floor(slot / 2^16), slot mod 2^16, 0, 0, 0, 0, 0], message (8), hash of the list of keys (8)
# Private input  for each signature in turn: "public_key" (8: root, parameter), "randomness" (6),
#                "digits" (42 digits, 6 high parts of limbs, 2 parts of the rest of limb 5),
#                "chain" for each of the 42 chains (its value in the signature),
#                "pairs" (32 chunks: both children of each node of the path, from the leaf upwards)
# Fails          if a signature is not valid, if the keys are not those of the list, or if a public 0 is not 0.
#
# The hash of the list: h = [n, 0 .. 0]; for each key h <- compress(h followed by the key).
#
# Each hinted cell is bound by a relation: the keys by the hash of the list, root and path by the last hash of the path,
# digits by their case and the limbs, chain values and nodes by the hash that goes on from them. Randomness and the
# signature itself are the prover's to choose: that is what it proves to know.
from snark_lib import *

CHAINS = 42
STEPS = 7  # of a whole chain
LEVELS = 32
TARGET_SUM = 184
STEPS_OF_ALL = CHAINS * STEPS - TARGET_SUM

# Public input
SLOT_HIGH = 1
SLOT_LOW = 2
MESSAGE = 8
LIST_HASH = 16
ZEROS = 24  # the chunk of zeros that follows 24 public elements

# The table in the frame of main, which all signatures read. The first element of a tweak is type * 2^26 + 2^10 * high + sub.
TABLE = 32
CHAIN_TWEAKS = TABLE  # that of (chain, step) at 4 * (7 * chain + step - 1)
KEY_TWEAK = CHAIN_TWEAKS + 4 * STEPS * CHAINS
ENCODING_TWEAK = KEY_TWEAK + 4
PATH_TWEAKS = ENCODING_TWEAK + 4
SIDES = PATH_TWEAKS + 4 * LEVELS  # by level: 0 for a left child on the path, 4 for a right one
TABLE_END = SIDES + LEVELS


def main():
    public = 0
    for i in unroll(SLOT_LOW + 1, MESSAGE):
        assert public[i] == 0, "a public element that says nothing is not 0"
    table = Array(TABLE_END - TABLE)
    # Where the table lies is no assumption: the functions below use the number, this compares it.
    assert table == TABLE
    fill_table(table, public[SLOT_HIGH], public[SLOT_LOW])

    n = public[0]
    start = Array(8)
    start[0] = n
    for i in unroll(1, 8):
        start[i] = 0
    list_hash: Mut = start
    for i in range(0, n):
        list_hash = verify(list_hash)
    for i in unroll(0, 8):
        assert list_hash[i] == public[LIST_HASH + i], "another list of keys"
    return


@inline
def fill_table(table, high, low):
    for chain in unroll(0, CHAINS):
        for step in unroll(1, STEPS + 1):
            tweak(table + 4 * (STEPS * chain + step - 1), 0, 8 * chain + step, high, low)
    tweak(table + (KEY_TWEAK - TABLE), 1, 0, high, low)
    tweak(table + (ENCODING_TWEAK - TABLE), 3, 0, high, low)

    bits = Array(32)
    hint_decompose_bits(high, bits, 16)
    hint_decompose_bits(low, bits + 16, 16)
    for i in unroll(0, 32):
        assert bits[i] * bits[i] == bits[i], "neither 0 nor 1"
    # The halves of floor(slot / 2^level), level by level.
    high_half: Mut = 0
    low_half: Mut = 0
    for i in unroll(0, 16):
        high_half = 2 * high_half + bits[i]
        low_half = 2 * low_half + bits[16 + i]
    assert high_half == high
    assert low_half == low
    for level in unroll(0, LEVELS):
        table[SIDES - TABLE + level] = 4 * bits[31 - level]
        low_half = (low_half - bits[31 - level]) / 2
        if level < 16:
            low_half += 2 ** 15 * bits[15 - level]
            high_half = (high_half - bits[15 - level]) / 2
            tweak(table + (PATH_TWEAKS - TABLE + 4 * level), 2, level, high_half, low_half)
        else:
            tweak(table + (PATH_TWEAKS - TABLE + 4 * level), 2, level, 0, low_half)
    return


@inline
def tweak(half, kind: Const, sub: Const, high, low):
    half[0] = 2 ** 10 * high + (2 ** 26 * kind + sub)
    half[1] = low
    half[2] = 0
    half[3] = 0
    return


# One signature. The hash of the list with its key.
def verify(list_hash):
    table = 0
    key = Array(8)
    hint_witness("public_key", key)
    next_hash = Array(8)
    poseidon2_16(list_hash, key, next_hash)
    parameter = Array(8)
    for i in unroll(0, 4):
        parameter[i] = key[4 + i]
        parameter[4 + i] = 0

    randomness = Array(8)
    hint_witness("randomness", randomness)
    randomness[6] = table[ENCODING_TWEAK]
    randomness[7] = table[ENCODING_TWEAK + 1]
    inner = Array(8)
    poseidon2_16(MESSAGE, randomness, inner)
    limbs = Array(8)
    poseidon2_16(inner, parameter, limbs)

    # The chains. Their values lie densely in `values`, so that where the last ends tells the sum of the digits.
    digits = Array(50)
    hint_witness("digits", digits)
    values = Array(4 * STEPS_OF_ALL)
    ends = Array(4 * CHAINS)
    place: Mut = values
    for limb in unroll(0, 6):
        low: Mut = 0
        for j in unroll(0, 8):
            if 8 * limb + j < CHAINS:
                place, low = match_range(
                    digits[8 * limb + j],
                    range(0, STEPS + 1), lambda digit: complete(8 * limb + j, digit, 8 ** j, parameter, ends, place, low),
                )
        if limb == 5:
            # The 18 bits of the limb that are not of a digit.
            assert digits[48] < 2 ** 9
            assert digits[49] < 2 ** 9
            low += 2 ** 6 * digits[48] + 2 ** 15 * digits[49]
        # As integers low < 2^24 and high < 127, so there is one such pair for a limb, and none for p - 1.
        assert digits[42 + limb] < 127
        assert low + 2 ** 24 * digits[42 + limb] == limbs[limb]
    assert limbs[6] != 127 * 2 ** 24
    assert limbs[7] != 127 * 2 ** 24
    assert place == values + 4 * STEPS_OF_ALL, "the digits have another sum"

    # The leaf.
    first = Array(8)
    first[0] = table[KEY_TWEAK]
    first[1] = table[KEY_TWEAK + 1]
    first[2] = 0
    first[3] = 0
    for i in unroll(0, 4):
        first[4 + i] = key[4 + i]
    states = Array(8 * 21)
    poseidon2_16(first, ZEROS, states)
    for k in unroll(0, 20):
        poseidon2_16(states + 8 * k, ends + 8 * k, states + 8 * (k + 1))
    # The path: each node is written into its place beside its sibling, and the last over the root.
    pairs = Array(8 * LEVELS)
    hint_witness("pairs", pairs)
    poseidon16_halves(states + 8 * 20, states + 8 * 20 + 4, ends + 8 * 20, pairs + table[SIDES])
    for level in unroll(0, LEVELS - 1):
        poseidon16_halves(
            PATH_TWEAKS + 4 * level, key + 4, pairs + 8 * level, pairs + 8 * (level + 1) + table[SIDES + level + 1]
        )
    poseidon16_halves(PATH_TWEAKS + 4 * (LEVELS - 1), key + 4, pairs + 8 * (LEVELS - 1), key)
    return next_hash


# A chain from the position `digit` to its end; where the next chain has its values, and the limb with the digit.
@inline
def complete(chain: Const, digit: Const, weight: Const, parameter, ends, place, low):
    tweaks = CHAIN_TWEAKS + 4 * STEPS * chain - 4
    if digit == STEPS:
        hint_witness("chain", ends + 4 * chain)
        return place, low + digit * weight
    hint_witness("chain", place)
    value: Mut = place
    for step in unroll(digit + 1, STEPS):
        poseidon16_halves(tweaks + 4 * step, value, parameter, value + 4)
        value += 4
    poseidon16_halves(tweaks + 4 * STEPS, value, parameter, ends + 4 * chain)
    return value + 4, low + digit * weight
