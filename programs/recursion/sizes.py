# The announced sizes of a proof (SPEC.md sections 9, 13, 17 to 19): rows of tables, the order and places of their
# leaves.
#
# Private input  "rows": n_1 to n_21; "length": of n_0 to n_21 that are not 0, and of an eighth of the number of leaves,
#                the number of digits; "leaf_order": the present tables by falling h_T, ties by T.
from snark_lib import *
from recursion.field import *

TABLES = 22
NUM_COLUMNS = [1, 19, 14, 14, 11, 14, 60, 72, 95, 21, 20, 21, 20, 59, 29, 25, 37, 31, 45, 35, 48, 33]
INTERACTIONS = [1, 11, 6, 6, 6, 6, 8, 10, 13, 13, 12, 13, 12, 11, 11, 7, 2, 11, 4, 11, 4, 8]
MAX_LOG_ROWS = 26
ROW_DIGITS = MAX_LOG_ROWS + 1
MIN_HEIGHT = 3

# The record of a table.
ROWS = 0  # n_T
PRESENT = 1  # 1, or 0 if n_T = 0
HEIGHT = 2  # h_T
SIZE = 3  # 2^(h_T - 3)
FULL = 4  # 1 if n_T = 2^h_T, or else 0
LENGTH = 5  # number of binary digits of n_T
COVER_STEP = 6  # e and t of cover(n_T) = t * 2^e, written by stacking.py
COVER = 7
FIRST_LEAF = 8  # of its block, in eights
NUM_INTERACTIONS = 9
DIGITS = 16  # the digits of n_T, the highest, that of 2^26, first
RECORD = 48

# Bounds of each parameter set: tiny, small, production.
SET = SET_PLACEHOLDER - 1
MIN_LOG_CELLS = [8, 10, 8]
MAX_LOG_CELLS = [12, 16, 26]
MAX_LOG_LEAVES = [17, 20, 28]


# Reads the records of all tables; n_0 is known.
def read_sizes(sizes, num_instructions):
    rows = Array(TABLES)
    rows[0] = num_instructions
    hint_witness("rows", rows + 1)
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        record[ROWS] = rows[table]
        record[NUM_INTERACTIONS] = INTERACTIONS[table]
        read_digits(record)
    # 18.2: M = 8 * n_1.
    memory = sizes + RECORD
    assert MIN_LOG_CELLS[SET] - 2 <= memory[LENGTH]
    assert memory[HEIGHT] <= MAX_LOG_CELLS[SET] - 3
    return


# What follows from n_T.
def read_digits(record):
    if record[ROWS] == 0:
        record[LENGTH] = 0
        record[PRESENT] = 0
        record[HEIGHT] = 0
        record[SIZE] = 0
        record[FULL] = 0
        return
    length, power = binary_length(record[ROWS], record + DIGITS)
    record[LENGTH] = length
    record[PRESENT] = 1
    # 18.3.
    if length - power == ROW_DIGITS:
        assert False, "a table is too long"
    small = match_range(
        length, range(1, MIN_HEIGHT + 1), lambda n: 1, range(MIN_HEIGHT + 1, ROW_DIGITS + 1), lambda n: 0
    )
    if small == 1:
        record[HEIGHT] = MIN_HEIGHT
        record[SIZE] = 1
        record[FULL] = 0
    else:
        record[HEIGHT] = length - power
        record[SIZE] = power_of_two(length - power - MIN_HEIGHT)
        record[FULL] = power
    return


# 2^n for n in 0..27.
def power_of_two(n):
    return match_range(n, range(0, ROW_DIGITS), lambda k: 2**k)


# The 27 digits of a value that is not 0; how many there are without leading zeros, and whether it is a power of two.
def binary_length(value, digits):
    hint_decompose_bits(value, digits, ROW_DIGITS)
    # The values of the first digits.
    prefixes = Array(ROW_DIGITS + 1)
    prefixes[0] = 0
    for i in unroll(0, ROW_DIGITS):
        assert digits[i] * digits[i] == digits[i]
        prefixes[i + 1] = 2 * prefixes[i] + digits[i]
    assert prefixes[ROW_DIGITS] == value
    hint = Array(1)
    hint_witness("length", hint)
    length = hint[0]
    assert length - 1 < ROW_DIGITS
    # The first digit that is not 0, and so those before it are.
    assert prefixes[ROW_DIGITS + 1 - length] == 1
    power: Imu
    if value == power_of_two(length - 1):
        power = 1
    else:
        power = 0
    return length, power


# The places of the leaves: FIRST_LEAF of each present table; κ.
def place_leaves(sizes):
    count: Mut = 0
    for table in unroll(0, TABLES):
        count += sizes[RECORD * table + PRESENT]
    order = Array(TABLES)
    hint_witness("leaf_order", order)
    leaf: Mut = 0
    last: Mut = -1
    for i in range(0, count):
        table = order[i]
        assert table < TABLES
        record = sizes + RECORD * table
        assert record[PRESENT] == 1
        # Falling heights, rising tables: so none is there twice, and all are there.
        key = 32 * (MAX_LOG_ROWS - record[HEIGHT]) + table
        assert last + 1 <= key
        last = key
        record[FIRST_LEAF] = leaf
        # In eights no sum is above p.
        leaf += record[NUM_INTERACTIONS] * record[SIZE]
    # 18.4.
    digits = Array(ROW_DIGITS)
    length, power = binary_length(leaf, digits)
    kappa = length - power + MIN_HEIGHT
    assert kappa <= MAX_LOG_LEAVES[SET]
    return kappa
