# The queries of SPEC.md sections 16 and 17: indices, rows and paths.
#
# The top levels of a tree are hashed once for all queries. A path ends at the node of that level that its index names.
# An index is hinted in digits: up to GROUP_BITS bits a digit below that level, from the leaf up, then TOP_LEVELS bits.
# What it leaves of the 24 low bits of its element is hinted only where that has more than JOINED_BITS bits, in parts of
# at most PART_BITS bits.
from snark_lib import *
from recursion.field import *
from recursion.transcript import *

ALL_TOP_LEVELS = [3, 4, 6]
TOP_LEVELS = ALL_TOP_LEVELS[SET]
GROUP_BITS = 4
JOINED_BITS = 9
# An address that no chunk has: a hash cannot be written there.
NO_CHUNK = 1


# 17.15, for a state that has not been squeezed: the squeezed elements, two cells each, the second one free.
# Afterwards the state has been squeezed.
def squeeze_elements(state, squeezes):
    elements = Array(16 * squeezes)
    spread(state, elements)
    s: Mut = state
    for i in range(1, squeezes):
        next = next_squeeze(s)
        spread(next, elements + 16 * i)
        s = next
    return s, elements


@inline
def spread(state, to):
    for j in unroll(0, 8):
        to[2 * j] = state[j]
    return


# Where the nodes of the level TOP_LEVELS are, by index, then the powers of the root of unity of their number. The nodes
# that lead to queries hash to `root`; the prover says which these are, and the others have no place.
def top_of_tree(root):
    places = Array(2 ** (TOP_LEVELS + 1))
    top_levels(root, places, TOP_LEVELS)
    for i in unroll(0, 2 ** TOP_LEVELS):
        places[2 ** TOP_LEVELS + i] = root_of_unity_to(TOP_LEVELS, i)
    return places


@inline
def root_of_unity_to(log: Const, i: Const):
    return (3 ** (127 * 2 ** (TWO_ADICITY - log))) ** i


def top_levels(node, places, levels: Const):
    if levels == 0:
        places[0] = node
    else:
        split = Array(1)
        hint_witness("split", split)
        if split[0] == 0:
            no_places(places, levels)
        else:
            pair = Array(16)
            hint_witness("pair", pair)
            poseidon2_16(pair, pair + 8, node)
            top_levels(pair, places, levels - 1)
            top_levels(pair + 8, places + 2 ** (levels - 1), levels - 1)
    return


@inline
def no_places(places, levels: Const):
    for i in unroll(0, 2 ** levels):
        places[i] = NO_CHUNK
    return


# 16.1 and 17.17 for `count` rows of `width` elements of F: `hash` of each to `digests`, 24 cells each, and its dot
# product with the weights to `answers`; up to a multiple of 4 the row goes on with zeros, which hash_row writes.
def rows_of_base(width: Const, count, weights, digests, answers):
    capacity = capacity_of(width)
    digest: Mut = digests
    answer: Mut = answers
    for q in range(0, count):
        row = Array(8 * div_ceil(width, 8))
        hint_witness("row", row)
        hash_row(row, capacity, digest, width)
        dot_product_be(row, weights, answer, next_multiple_of(width, 4))
        digest += 24
        answer += EXT
    return 0


# The same for rows of `size` elements of E.
def rows_of_extension(size: Const, count, weights, digests, answers):
    capacity = capacity_of(EXT * size)
    digest: Mut = digests
    answer: Mut = answers
    for q in range(0, count):
        row = Array(8 * div_ceil(EXT * size, 8))
        hint_witness("row", row)
        hash_row(row, capacity, digest, EXT * size)
        dot_product_ee(row, weights, answer, size)
        digest += 24
        answer += EXT
    return 0


@inline
def capacity_of(width: Const):
    capacity = Array(8)
    capacity[0] = width
    for i in unroll(1, 8):
        capacity[i] = 0
    return capacity


# 3.6, 3.7. The last permutation goes to the 24 cells at `digest`.
@inline
def hash_row(row, capacity, digest, width: Const):
    for i in unroll(width, 8 * div_ceil(width, 8)):
        row[i] = 0
    blocks = div_ceil(width, 16)
    last: Mut = capacity
    for i in unroll(0, blocks - 1):
        out = Array(24)
        poseidon2_24_permute(row + 16 * i, row + 16 * i + 8, last, out)
        last = out + 16
    if div_ceil(width, 8) == 2 * blocks:
        poseidon2_24_permute(row + 16 * (blocks - 1), row + 16 * (blocks - 1) + 8, last, digest)
    else:
        poseidon2_24_permute(row + 16 * (blocks - 1), ZERO, last, digest)
    return


# 17.15, 16.2, 16.3 for `count` queries of a tree of 2^log_rows leaves: the indices are the low bits of the elements,
# the digests lead to the tree. The node of each row is stored behind its element.
def paths(log_rows: Const, count, elements, digests, places):
    levels = log_rows - TOP_LEVELS
    groups = div_ceil(levels, GROUP_BITS)
    element: Mut = elements
    digest: Mut = digests
    for q in range(0, count):
        index = Array(groups + 1 + parts_of(log_rows))
        hint_witness("index", index)
        siblings = Array(8 * levels)
        hint_witness("path", siblings)
        check_index(element[0], index, log_rows)
        place = places + index[groups]
        out = place[0]
        inner = Array(8 * levels)
        node: Mut = place[2 ** TOP_LEVELS]
        for j in unroll(0, groups):
            start = levels * j // groups
            end = levels * (j + 1) // groups
            node = match_range(
                index[j],
                range(0, 2 ** (end - start)),
                lambda d: climb(node, digest, siblings, inner, out, start, end, levels, log_rows, d),
            )
        element[1] = node
        element += 2
        digest += 24
    return 0


# From level `start` up to level `end`, the sides being the bits of d. Returns `node` times what they give to the node
# of the row.
@inline
def climb(
    node, digest, siblings, inner, out, start: Const, end: Const, levels: Const, log_rows: Const, d: Const
):
    for l in unroll(start, end):
        side = (d // 2 ** (l - start)) % 2
        if l == 0:
            if levels == 1:
                pair_to(digest, siblings, out, side)
            else:
                pair_to(digest, siblings, inner, side)
        else:
            if l + 1 == levels:
                pair_to(inner + 8 * (l - 1), siblings + 8 * l, out, side)
            else:
                pair_to(inner + 8 * (l - 1), siblings + 8 * l, inner + 8 * l, side)
    return node * root_of_unity_to(log_rows, 2 ** start * d)


@inline
def pair_to(node, sibling, out, side: Const):
    if side == 0:
        poseidon2_16(node, sibling, out)
    else:
        poseidon2_16(sibling, node, out)
    return


@inline
def parts_of(log_rows: Const):
    if TWO_ADICITY - log_rows <= JOINED_BITS:
        return 0
    else:
        return div_ceil(TWO_ADICITY - log_rows, PART_BITS)


# The element is low + 2^shift high with low < 2^shift the number of the digits and high at most 127 2^(24 - shift): the
# canonical form, but where high is the greatest and low is not 0, which is refused. A digit on which a branch is taken
# is in its range already.
@inline
def check_index(element, index, log_rows: Const):
    levels = log_rows - TOP_LEVELS
    groups = div_ceil(levels, GROUP_BITS)
    parts = parts_of(log_rows)
    unused = TWO_ADICITY - log_rows
    low: Mut = 0
    for k in unroll(0, parts):
        i = parts - 1 - k
        size = PART_BITS - saturating_sub(PART_BITS * (i + 1), unused)
        assert index[groups + 1 + i] < 2 ** size
        low = 2 ** size * low + index[groups + 1 + i]
    assert index[groups] < 2 ** TOP_LEVELS
    low = 2 ** TOP_LEVELS * low + index[groups]
    for k in unroll(0, groups):
        j = groups - 1 - k
        low = 2 ** (levels * (j + 1) // groups - levels * j // groups) * low + index[j]
    if parts == 0:
        check_high(element, low, log_rows)
    else:
        check_high(element, low, TWO_ADICITY)
    return
