# The functions of all tables on given columns.
from recursion.field import *
from recursion.sizes import *
from recursion.tables import *
from recursion.zerocheck import *


def main():
    table = Array(ZEROCHECK_NUMBERS_END - CONSTANTS)
    assert table == CONSTANTS
    fill_constants(table)
    fill_zerocheck_numbers(table + (ZEROCHECK_NUMBERS - CONSTANTS))
    # α, λ, the weights of the slots.
    challenges = Array(EXT * (2 + 16))
    hint_witness("challenges", challenges)
    factors = Array(EXT * 4)
    leaf_factors(challenges + EXT, challenges, challenges + EXT * 2, factors)
    gammas = Array(EXT * GAMMAS)
    hint_witness("gammas", gammas)
    for i in unroll(0, TABLES):
        check(i, challenges + EXT * 2, factors, gammas)
    return


def check(table: Const, slots, factors, gammas):
    columns = Array(EXT * NUM_COLUMNS[table])
    hint_witness("columns", columns)
    # row, program
    others = Array(EXT * 2)
    hint_witness("virtual", others)
    w = Array(EXT * INTERACTIONS[table])
    hint_witness("weights", w)
    expected = Array(EXT * 2)
    hint_witness("expected", expected)
    sent = Array(SENT)
    constraints = Array(EXT * MAX_CONSTRAINTS)
    table_row(table, columns, others, others + EXT, slots, sent, constraints)
    sums = Array(EXT * 4)
    interaction_sums(table, columns, sent, w, sums)
    assert_same(dot(factors, sums, 4), expected)
    if NUM_CONSTRAINTS[table] != 0:
        assert_same(dot(gammas, constraints, NUM_CONSTRAINTS[table]), expected + EXT)
    return
