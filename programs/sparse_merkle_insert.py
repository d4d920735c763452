# sparse_merkle_insert: storing a value at an empty key of a sparse Merkle tree leads from one root to another.
#
# Public input   [old root, new root, value: eight elements each; key]      the tree has depth 16, an empty leaf is eight zeros
# Private input  "sibling": 16 lists of eight elements, from the leaves upwards
# Fails          if the key was not empty, or one of the roots is another.
#
# One path serves both trees: the siblings beside it do not change.
from snark_lib import *

DEPTH = 16


def main():
    public = 0
    empty = Array(8)
    for i in unroll(0, 8):
        empty[i] = 0
    bits = Array(DEPTH)
    hint_decompose_bits(public[24], bits, DEPTH)
    key: Mut = 0
    for i in unroll(0, DEPTH):
        key = 2 * key + bits[i]
    assert key == public[24]

    old: Mut = empty
    new: Mut = public + 16
    for level in range(0, DEPTH):
        sibling = Array(8)
        hint_witness("sibling", sibling)
        old = parent(bits[DEPTH - 1 - level], old, sibling)
        new = parent(bits[DEPTH - 1 - level], new, sibling)
    for i in unroll(0, 8):
        assert old[i] == public[i], "another old root"
        assert new[i] == public[8 + i], "another new root"
    return


# The parent of a node that is the left child for side 0 and the right one for side 1.
@inline
def parent(side, node, sibling):
    result = Array(8)
    match side:
        case 0:
            poseidon2_16(node, sibling, result)
        case 1:
            poseidon2_16(sibling, node, result)
    return result
