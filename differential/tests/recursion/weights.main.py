# The weights of the interactions of a table, at any place among the leaves.
from recursion.field import *
from recursion.sizes import *
from recursion.lookup import *

COUNT = 13


def main():
    table = Array(CONSTANTS_END - CONSTANTS)
    assert table == CONSTANTS
    fill_constants(table)
    # First leaf and length of a block, both in eights, height, κ.
    numbers = Array(4)
    hint_witness("numbers", numbers)
    record = Array(RECORD)
    record[FIRST_LEAF] = numbers[0]
    record[SIZE] = numbers[1]
    record[HEIGHT] = numbers[2]
    points = Array(EXT * (PADDING + MAX_VARIABLES))
    for i in unroll(0, EXT * PADDING):
        points[i] = 0
    r = points + EXT * PADDING
    hint_witness("point", r)
    weights = interaction_weights(record, numbers[3], r)
    expected = Array(EXT * COUNT)
    hint_witness("expected", expected)
    for i in unroll(0, COUNT):
        assert_same(weights + EXT * i, expected + EXT * i)
    return
