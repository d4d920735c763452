# leanxmss42: n signatures of the scheme leanxmss42 (SPEC.md section 22) are valid for one message and one slot.
#
# Public input   [n, floor(slot / 2^16), slot mod 2^16, 0, 0, 0, 0, 0], message (8), hash of the list of keys (8)
# Private input  for each signature in turn: "public_key" (8: root, parameter), "randomness" (6),
#                "digits" (42: the i-th is the number with the digits i, i + 1, .. in base 8, the least first),
#                "parts" (6 high parts of limbs, 2 parts of the rest of limb 5),
#                "chains" (42 chunks: the value of a chain in the signature, and its end),
#                "path" (32 halves: the siblings of the nodes on the path, from the leaf upwards)
# Fails          if a signature is not valid, if the keys are not those of the list, or if a public 0 is not 0.
#
# The hash of the list: h = [n, 0 .. 0]; for each key h <- compress(h followed by the key).
#
# Each hinted cell is bound by a relation: the keys by the hash of the list, root and path by the last hash of the path,
# digits by the limbs and the steps of their chains, chain values by the hash that goes on from them. Randomness and the
# signature itself are the prover's to choose: that is what it proves to know.
from snark_lib import *

CHAINS = 42
POSITIONS = 8  # of a chain
LEVELS = 32
TARGET_SUM = 184

# Public input
SLOT_HIGH = 1
SLOT_LOW = 2
MESSAGE = 8
LIST_HASH = 16
ZEROS = 24  # the chunk of zeros that follows 24 public elements

# The table in the frame of main, which all signatures read. The first element of a tweak is type * 2^26 + 2^10 * high + sub.
TABLE = 32
PATH_TWEAKS = TABLE  # by level: a tweak, then 0 for a left child on the path, 1 for a right one, then three zeros
CHAIN_TWEAK = PATH_TWEAKS + 8 * LEVELS  # that of step 0 of chain 0
KEY_TWEAK = CHAIN_TWEAK + 4
ENCODING_TWEAK = KEY_TWEAK + 4
TABLE_END = ENCODING_TWEAK + 4


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
    tweak(table + (CHAIN_TWEAK - TABLE), 0, 0, high, low)
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
        place = table + (PATH_TWEAKS - TABLE + 8 * level)
        low_half = (low_half - bits[31 - level]) / 2
        if level < 16:
            low_half += 2 ** 15 * bits[15 - level]
            high_half = (high_half - bits[15 - level]) / 2
            tweak(place, 2, level, high_half, low_half)
        else:
            tweak(place, 2, level, 0, low_half)
        place[4] = bits[31 - level]
        for i in unroll(5, 8):
            place[i] = 0
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
    # A tweak and the parameter.
    chain_context = Array(8)
    first = Array(8)
    for i in unroll(0, 4):
        chain_context[i] = table[CHAIN_TWEAK + i]
        chain_context[4 + i] = key[4 + i]
        first[i] = table[KEY_TWEAK + i]
        first[4 + i] = key[4 + i]

    randomness = Array(8)
    hint_witness("randomness", randomness)
    randomness[6] = table[ENCODING_TWEAK]
    randomness[7] = table[ENCODING_TWEAK + 1]
    inner = Array(8)
    poseidon2_16(MESSAGE, randomness, inner)
    # The block of the parameter and four zeros.
    limbs = Array(8)
    poseidon16_sponge(inner, key + 4, ZEROS - (key + 4), limbs, 1)

    # The digits are bound by the limbs and their sum, and are digits by the steps of their chains.
    digits = Array(CHAINS + 1)
    hint_witness("digits", digits)
    parts = Array(8)
    hint_witness("parts", parts)
    chains = Array(8 * CHAINS)
    hint_witness("chains", chains)
    poseidon16_chain(chain_context, chains, POSITIONS, digits, CHAINS)
    assert digits[CHAINS] == TARGET_SUM, "the digits have another sum"
    # As integers low < 2^24 and high < 127, so there is one such pair for a limb, and none for p - 1.
    for limb in unroll(0, 6):
        assert parts[limb] < 127
    for limb in unroll(0, 5):
        # The digits of the limb are those from 8 * limb on without those from 8 * (limb + 1) on.
        assert limbs[limb] + 2 ** 24 * (digits[8 * (limb + 1)] - parts[limb]) == digits[8 * limb]
    # The 18 bits of limb 5 that are not of a digit.
    assert parts[6] < 2 ** 9
    assert parts[7] < 2 ** 9
    assert digits[40] + 2 ** 6 * parts[6] + 2 ** 15 * parts[7] + 2 ** 24 * parts[5] == limbs[5]
    assert limbs[6] != 127 * 2 ** 24
    assert limbs[7] != 127 * 2 ** 24

    # The leaf: the ends are the second halves of the chains.
    state = Array(8)
    poseidon2_16(first, ZEROS, state)
    leaf = Array(8)
    poseidon16_sponge(state, chains + 4, 8, leaf, CHAINS / 2)
    siblings = Array(4 * LEVELS)
    hint_witness("path", siblings)
    poseidon16_path(key, leaf, siblings, PATH_TWEAKS, LEVELS)
    return next_hash
