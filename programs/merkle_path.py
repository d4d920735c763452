# merkle_path: a leaf is in a Merkle tree of depth 32, at a given index.
#
# Public input   [root_0 .. root_7, leaf_0 .. leaf_7, low, high]      the index of the leaf is low + 2^16·high
# Private input  "sibling": 32 lists of eight elements, from the leaf's level upwards
# Fails          if the path does not arrive at the root, or low or high is not below 2^16.
#
# The index has two halves because a field element has only 31 bits.
from snark_lib import *

HALF = 16


def main():
    public = 0
    root = public
    leaf = public + 8
    middle = climb(leaf, public[16])
    top = climb(middle, public[17])
    for i in unroll(0, 8):
        assert top[i] == root[i], "another root"
    return


# The node that is HALF levels above; the bits of the index say on which side the path comes from below.
def climb(node, index):
    bits = Array(HALF)
    hint_decompose_bits(index, bits, HALF)
    value: Mut = 0
    for i in unroll(0, HALF):
        value = 2 * value + bits[i]
    assert value == index

    current: Mut = node
    for level in unroll(0, HALF):
        sibling = Array(8)
        hint_witness("sibling", sibling)
        parent = Array(8)
        match bits[HALF - 1 - level]:  # 0 or 1, nothing else
            case 0:
                poseidon2_16(current, sibling, parent)
            case 1:
                poseidon2_16(sibling, current, parent)
        current = parent
    return current
