# The stack of SPEC.md section 17 for sizes known at run time: cover, number of variables, and the weights of claims 0
# and 1.
#
# cover(n) is t 2^e with t <= 32; COVER_STEP of a record of sizes is e, and COVER is t; both are 0 if the table is
# absent.
from snark_lib import *
from recursion.field import *
from recursion.sizes import *

MEMORY_TABLE = 1

MIN_STACKS = [10, 14, 16]
MAX_STACKS = [17, 19, 28]
FIRST_FOLDS = [2, 4, 7]
MIN_STACK = MIN_STACKS[SET]
MAX_STACK = MAX_STACKS[SET]
FIRST_FOLD = FIRST_FOLDS[SET]
# Number of bits of 0 to 32 that are 1.
ONES_OF = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 1, 2, 2, 3, 2, 3, 3, 4, 2, 3, 3, 4, 3, 4, 4, 5, 1]
# A piece: its a, then an element of E.
PIECE_CELLS = 8
MAX_PIECES = 5
# A rectangle in the order of the stack: key, size, address of its weight.
RECTANGLE_CELLS = 3
LAST_KEY = 2 ** 15


# mu, and the number of columns of oracle 0. COVER_STEP and COVER of all records are written.
def stack_sizes(sizes):
    cells: Mut = 0
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        if record[PRESENT] == 0:
            record[COVER_STEP] = 0
            record[COVER] = 0
        else:
            cells += cover_of(record) * NUM_COLUMNS[table]
    bits = Array(MAX_STACK)
    hint_decompose_bits(cells - 1, bits, MAX_STACK)
    sum: Mut = 0
    for i in unroll(0, MAX_STACK):
        assert bits[i] * bits[i] == bits[i]
        sum = 2 * sum + bits[i]
    assert sum == cells - 1
    hinted = Array(1)
    hint_witness("stack", hinted)
    mu = hinted[0]
    width = match_range(mu, range(MIN_STACK, MAX_STACK + 1), lambda m: columns_of_oracle(bits, m))
    return mu, width


# cells - 1 has at most m bits, and not fewer if m is not the least.
@inline
def columns_of_oracle(bits, m: Const):
    for i in unroll(0, MAX_STACK - m):
        assert bits[i] == 0
    if m != MIN_STACK:
        assert bits[MAX_STACK - m] == 1
    sum: Mut = 0
    for i in unroll(0, FIRST_FOLD):
        sum = 2 * sum + bits[MAX_STACK - m + i]
    return sum + 1


# cover(n) for n > 0.
def cover_of(record):
    length = match_range(record[LENGTH], range(0, 8), lambda l: 8, range(8, 28), lambda l: l)
    e = length - 5
    # The bits of n from that of weight 2^e on.
    high_bits = record + DIGITS + 27 - length
    high: Mut = 0
    for i in unroll(0, 5):
        high = 2 * high + high_bits[i]
    step = match_range(e, range(3, 23), lambda i: 2 ** i)
    low = record[0] - high * step
    # 1 if n is not a multiple of 2^e, else 0.
    inverse = Array(1)
    hint_inverse(low, inverse)
    rest = low * inverse[0]
    assert low * rest == low
    assert rest * rest == rest
    t = high + rest
    record[COVER_STEP] = e
    record[COVER] = t
    return t * step


# For the claims on columns: the levels of eq(beta, .) on the five coordinates of the table and on the last seven; the
# coordinate between them is that of 0.
def column_weights(beta):
    return eq_table(beta, 5), complement(beta + EXT * 5), eq_levels(beta + EXT * 6, 7)


# The values of claims 0 and 1 (17.6). `values` has for each present table the address of the list of 15.3.
def first_values(sizes, values, public, u, of_table, of_zero, of_column, claims):
    sums = Array(EXT * TABLES)
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        if record[PRESENT] == 0:
            for j in unroll(0, EXT):
                sums[EXT * table + j] = 0
        else:
            dot_product_ee(values[table], of_column + EXT * 127, sums + EXT * table, NUM_COLUMNS[table])
    all = dot(of_table, sums, TABLES)
    dot_product_ee(all, of_zero, claims, 1)
    chunks = Array(EXT * 4)
    for i in unroll(0, 4):
        dot_product_be(public + 8 * i, of_column + EXT * 127, chunks + EXT * i, 8)
    cells = dot(eq_table(u, 2), chunks, 4)
    dot_product_ee(cells, mul(of_table + EXT * MEMORY_TABLE, of_zero), claims + EXT, 1)
    return


# The weights of claims 0 and 1 at the challenges x (17.20).
def first_weights(sizes, mu, rho, height, x, u, beta, of_table, of_zero, of_column):
    hinted = Array(1)
    hint_witness("rectangles", hinted)
    count = hinted[0]
    rectangles = Array(RECTANGLE_CELLS * (count + 1))
    hint_witness("order", rectangles)
    end = rectangles + RECTANGLE_CELLS * count
    assert visit_rectangles(rectangles, mu, ONE, x) == end
    assert end[0] == LAST_KEY
    assert end[1] == 0

    # rows[w] is eq of the last w coordinates of rho and of x.
    rows = Array(EXT * (height + 1))
    copy(ONE, rows)
    last_rho = rho + EXT * (height - 1)
    end_of_x = x + EXT * mu
    rho_w: Mut = last_rho
    x_w: Mut = end_of_x - EXT
    row: Mut = rows
    for w in range(0, height):
        factor = Array(EXT)
        eq_ee(rho_w, x_w, factor, 1)
        dot_product_ee(factor, row, row + EXT, 1)
        rho_w -= EXT
        x_w -= EXT
        row += EXT

    context = Array(8)
    context[0] = last_rho
    context[1] = end_of_x
    context[2] = rows
    context[3] = beta
    context[4] = of_column
    context[5] = rectangles
    context[6] = count
    sums = Array(EXT * TABLES)
    total: Mut = 0
    firsts = Array(8)
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        if record[PRESENT] == 0:
            for j in unroll(0, EXT):
                sums[EXT * table + j] = 0
        else:
            pieces = Array(PIECE_CELLS * MAX_PIECES)
            number = pieces_of(record, context, pieces)
            total += number * groups_of(table)
            table_weight(table, number, context, pieces, sums + EXT * table, firsts)
            if table == MEMORY_TABLE:
                firsts[6] = pieces[0]
    assert total == count
    all = dot(of_table, sums, TABLES)
    columns = mul(all, of_zero)

    # Claim 1: the first piece of MEMORY, its first 16 columns. The last 8 of these have weight 0, and so have all but
    # the first four rows.
    a = firsts[6]
    x_a = end_of_x - EXT * a
    factors = Array(EXT * 6)
    copy(of_zero, factors)
    eq_ee(ZERO, x_a - EXT * 4, factors + EXT, 1)
    eq_ee(beta + EXT * 10, x_a - EXT * 3, factors + EXT * 2, 3)
    zeros = Array(26)
    for i in unroll(0, 26):
        zeros[i] = 0
    copy(eq_bits(zeros, x_a, a - 2), factors + EXT * 3)
    eq_ee(u, end_of_x - EXT * 2, factors + EXT * 4, 2)
    product: Mut = mul(firsts[0], mul(of_table + EXT * MEMORY_TABLE, of_column + EXT * 15))
    for i in unroll(0, 5):
        product = mul(product, factors + EXT * i)
    return columns, product


# The rectangles from `rectangle` on fill the 2^size cells below a node of the tree of addresses from the left; each is
# told `value`, eq of its address and x. Returns the first that is left. The keys rise and so the sizes fall.
@inline
def visit_rectangles(rectangle, size, value, x):
    result: Imu
    if rectangle[1] == size:
        rectangle[2] = value
        hint_witness("order", rectangle + RECTANGLE_CELLS)
        assert rectangle[0] < rectangle[RECTANGLE_CELLS]
        result = rectangle + RECTANGLE_CELLS
    else:
        result = visit_halves(rectangle, size - 1, value, x)
    return result


# The same for the two halves below a node, of 2^size cells each.
def visit_halves(rectangle, size, value, x):
    left = mul(value, complement(x))
    next = visit_rectangles(rectangle, size, left, x + EXT)
    result: Imu
    if next[1] == 0:
        result = next
    else:
        right = mul(value, x)
        result = visit_rectangles(next, size, right, x + EXT)
    return result


# The pieces of a table, each with its a and the weight of its rows; how many.
def pieces_of(record, context, pieces):
    e = record[COVER_STEP]
    rho_e = context[0] - EXT * e
    rows_e = context[2] + EXT * e
    return match_range(record[COVER], range(1, 33), lambda t: pieces_of_cover(t, e, rho_e, rows_e, pieces))


def pieces_of_cover(t: Const, e, rho_e, rows_e, pieces):
    top = log2_ceil(t + 1) - 1
    if ONES_OF[t] == 1:
        pieces[0] = e + top
        copy(rows_e + EXT * top, pieces + 1)
    else:
        equal: Mut = ONE
        for i in unroll(0, top + 1):
            j = top - i
            before = mul(equal, complement(rho_e - EXT * j))
            if (t // 2 ** j) % 2 == 1:
                piece = pieces + PIECE_CELLS * ONES_OF[t // 2 ** (j + 1)]
                piece[0] = e + j
                dot_product_ee(before, rows_e + EXT * j, piece + 1, 1)
                equal = mul(equal, rho_e - EXT * j)
            else:
                equal = before
    return ONES_OF[t]


@inline
def groups_of(table: Const):
    return ONES_OF[NUM_COLUMNS[table] // 32] + ONES_OF[NUM_COLUMNS[table] % 32]


# The weights of the rectangles of a table, without that of the table. Each names its place in the order of the stack,
# where its key is; `firsts` is told the weights of the addresses of the first columns of MEMORY.
def table_weight(table: Const, number, context, pieces, sum, firsts):
    end_of_x = context[1]
    beta = context[3]
    of_column = context[4]
    rectangles = context[5]
    count = context[6]
    s0: Mut = 0
    s1: Mut = 0
    s2: Mut = 0
    s3: Mut = 0
    s4: Mut = 0
    for k in range(0, number):
        piece = pieces + PIECE_CELLS * k
        a = piece[0]
        x_a = end_of_x - EXT * a
        ranks = Array(8)
        hint_witness("rank", ranks)
        left = Array(40)
        right = Array(40)
        for c in unroll(0, 7):
            log = 6 - c
            if (NUM_COLUMNS[table] // 2 ** log) % 2 == 1:
                first = NUM_COLUMNS[table] // 2 ** (log + 1) * 2
                g = ONES_OF[first // 32] + ONES_OF[first % 32]
                assert ranks[g] < count
                rectangle = rectangles + RECTANGLE_CELLS * ranks[g]
                size = a + log
                rectangle[0] = 1024 * (28 - size) + (40 * table + 8 * k + g)
                rectangle[1] = size
                weight = rectangle[2]
                if g == 0:
                    if table == MEMORY_TABLE:
                        firsts[k] = weight
                dot_product_ee(weight, of_column + EXT * (2 ** (7 - log) - 1 + first), left + EXT * g, 1)
                if log == 0:
                    dot_product_ee(ONE, ONE, right + EXT * g, 1)
                else:
                    eq_ee(beta + EXT * (13 - log), x_a - EXT * log, right + EXT * g, log)
        columns = dot(left, right, groups_of(table))
        product = mul(columns, piece + 1)
        s0 += product[0]
        s1 += product[1]
        s2 += product[2]
        s3 += product[3]
        s4 += product[4]
    sum[0] = s0
    sum[1] = s1
    sum[2] = s2
    sum[3] = s3
    sum[4] = s4
    return
