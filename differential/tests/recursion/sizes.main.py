# The sizes of a proof: what the records of tables, κ, H and H_P are.
from recursion.field import *
from recursion.sizes import *
from recursion.poseidon import *
from recursion.tables import *
from recursion.zerocheck import *


def main():
    constants = Array(CONSTANTS_END - CONSTANTS)
    assert constants == CONSTANTS
    fill_constants(constants)
    num_instructions = Array(1)
    hint_witness("instructions", num_instructions)
    sizes = Array(RECORD * TABLES)
    read_sizes(sizes, num_instructions[0])
    kappa = place_leaves(sizes)
    # κ, H and H_P, then by table whether it is present, h_T, 2^(h_T - 3), whether n_T = 2^h_T, and its first leaf.
    expected = Array(3)
    hint_witness("expected", expected)
    assert kappa == expected[0]
    assert table_height(sizes) == expected[1]
    assert hash_height(sizes) == expected[2]
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        of_table = Array(5)
        hint_witness("record", of_table)
        assert record[PRESENT] == of_table[0]
        assert record[HEIGHT] == of_table[1]
        assert record[SIZE] == of_table[2]
        assert record[FULL] == of_table[3]
        if record[PRESENT] == 1:
            assert record[FIRST_LEAF] == of_table[4]
    return
