# Claims on a program become one.
from recursion.field import *
from recursion.program import *

VARIABLES = VARIABLES_PLACEHOLDER
CLAIM = EXT * (VARIABLES + 1)


def main():
    table = Array(CONSTANTS_END - CONSTANTS)
    assert table == CONSTANTS
    fill_constants(table)
    count = Array(1)
    hint_witness("count", count)
    claims = Array(count[0])
    for i in range(0, count[0]):
        claim = Array(CLAIM)
        hint_witness("claim", claim)
        claims[i] = claim
    combined = combine_program_claims(claims, count[0], VARIABLES)
    expected = Array(CLAIM)
    hint_witness("expected", expected)
    for i in unroll(0, CLAIM):
        assert combined[i] == expected[i]
    return
