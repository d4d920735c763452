# linked_path: a leaf is in a Merkle tree of depth 16, at a given index, in one instruction.
#
# Public input   [root_0 .. root_3, parameter_0 .. parameter_3, leaf_0 .. leaf_3, index]
# Private input  "sibling": 16 lists of four elements, from the leaf's level upwards
# Fails          if the path does not arrive at the root, or the index is not below 2^16.
#
# The parent of two nodes is the first half of the compression of the tweak (level, 0, 0, 0), the
# parameter, and the two nodes; the level counts from 1.
from snark_lib import *

DEPTH = 16


def main():
    key = 0
    leaf = 8
    index = 12
    bits = Array(DEPTH)
    hint_decompose_bits(index[0], bits, DEPTH)
    value: Mut = 0
    for i in unroll(0, DEPTH):
        value = 2 * value + bits[i]
    assert value == index[0]

    siblings = Array(4 * DEPTH)
    tweaks = Array(8 * DEPTH)
    for level in unroll(0, DEPTH):
        hint_witness("sibling", siblings + 4 * level)
        tweaks[8 * level] = level + 1
        for i in unroll(1, 8):
            if i == 4:
                # The side, which `poseidon16_path` refuses if it is neither 0 nor 1.
                tweaks[8 * level + 4] = bits[DEPTH - 1 - level]
            else:
                tweaks[8 * level + i] = 0
    # The root is written over the public one, which asserts that they are equal.
    poseidon16_path(key, leaf, siblings, tweaks, DEPTH)
    return
