# SPEC.md section 14: the permutations of the hash tables.
#
# Private input  "hash_height": H_P, if a hash table is present.
from snark_lib import *
from recursion.constants import *
from recursion.field import *
from recursion.sizes import *
from recursion.transcript import *

HASHES = 7
HASH_TABLES = [6, 7, 8, 13, 16, 18, 20]
WIDTHS = [16, 16, 24, 16, 16, 16, 16]
INPUTS = [8, 16, 24, 16, 12, 16, 16]
OUTPUTS = [16, 16, 24, 4, 4, 4, 8]
PARTIALS = [20, 20, 23, 20, 20, 20, 20]
LAYERS = 8
# Kinds of layers: 7; 6, 5, 4, 2 and 1; 3; 0.
LAST = 0
PLAIN = 1
MIDDLE = 2
FIRST = 3
KINDS = [FIRST, PLAIN, PLAIN, MIDDLE, PLAIN, PLAIN, PLAIN, LAST]
SKIP_DEGREE = 21
BLOCK = 8

# What section 14 leaves: of each hash table the places of the claims on `y`, `s` and `in`, in records of four cells;
# then the skip points of `s` and of `in`, of each y and Z; then H_P.
Y_CLAIMS = 0
S_CLAIMS = 1
INPUT_CLAIMS = 2
HASH_RECORD = 4
S_POINT = HASH_RECORD * HASHES
INPUT_POINT = S_POINT + 2
HASH_HEIGHT = INPUT_POINT + 2
HASH_CLAIMS = HASH_HEIGHT + 1

# The matrix of a block of four.
M4 = [[2, 3, 1, 1], [1, 2, 3, 1], [1, 1, 2, 3], [3, 1, 1, 2]]
BLOCKS = 6  # of four, at width 24

# A table of numbers, of which dot products need a place: by width rc_0 to rc_3, rc_5 to rc_7, rc_4, rc'; rows of U and
# columns of U, for j = 4b + y at the place of y, from the block 5 - b on; for z = 1..8 the coefficients of the sum of
# lagrange_z' over z' < z.
CONSTANT_PLACES = [0, 1, 2, 3, 7, 4, 5, 6]  # of rc
LENGTH_16 = 8 * 16 + 20
LENGTH_24 = 8 * 24 + 23
PATTERN = 4 * (2 * BLOCKS - 1)
TABLE_16 = 0
TABLE_24 = TABLE_16 + LENGTH_16
ROW_PATTERNS = TABLE_24 + LENGTH_24
COLUMN_PATTERNS = ROW_PATTERNS + 4 * PATTERN
TABLE_SUMS = COLUMN_PATTERNS + 4 * PATTERN
POSEIDON_TABLE = TABLE_SUMS + 7 * BLOCK
NUMBERS = CONSTANTS_END
NUMBERS_END = NUMBERS + POSEIDON_TABLE



# Fills the table, which lies at NUMBERS.
def fill_numbers(table):
    for l in unroll(0, LAYERS):
        for j in unroll(0, 16):
            table[TABLE_16 + 16 * CONSTANT_PLACES[l] + j] = ROUNDS_16[l][j]
        for j in unroll(0, 24):
            table[TABLE_24 + 24 * CONSTANT_PLACES[l] + j] = ROUNDS_24[l][j]
    for i in unroll(0, 20):
        table[TABLE_16 + 8 * 16 + i] = PARTIAL_ROUNDS_16[i]
    for i in unroll(0, 23):
        table[TABLE_24 + 8 * 24 + i] = PARTIAL_ROUNDS_24[i]
    for y in unroll(0, 4):
        for block in unroll(0, 2 * BLOCKS - 1):
            for x in unroll(0, 4):
                place = PATTERN * y + 4 * block + x
                if block == BLOCKS - 1:
                    table[ROW_PATTERNS + place] = 2 * M4[y][x]
                    table[COLUMN_PATTERNS + place] = 2 * M4[x][y]
                else:
                    table[ROW_PATTERNS + place] = M4[y][x]
                    table[COLUMN_PATTERNS + place] = M4[x][y]
    for z in unroll(1, BLOCK):
        for k in unroll(0, BLOCK):
            table[TABLE_SUMS + BLOCK * (z - 1) + k] = lagrange_sum(z, k)
    return


# The coefficient of Z^k in the sum of lagrange_z' over z' < z.
@inline
def lagrange_sum(z: Const, k: Const):
    sum: Mut = 0
    for i in unroll(0, z):
        sum += XI ** ((BLOCK - i) * k) / BLOCK
    return sum


# The verifier of a state whose squeeze is used. A state whose squeeze is next, and the claims.
def poseidon(state, sizes, kappa, r):
    claims = Array(HASH_CLAIMS)
    count: Mut = 0
    for hash in unroll(0, HASHES):
        count += sizes[RECORD * HASH_TABLES[hash] + PRESENT]
    if count == 0:
        skipped = next_squeeze(state)
        return skipped, claims
    height = hash_height(sizes)
    claims[HASH_HEIGHT] = height

    # 14.1.
    current: Mut = state
    first = Array(HASHES)
    for hash in unroll(0, HASHES):
        if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
            current, first[hash] = receive_extension(current, OUTPUTS[hash])
            claims[HASH_RECORD * hash + Y_CLAIMS] = first[hash]
    outputs: Mut = first
    active: Mut = first  # of layer 7 none is used
    y: Mut = r + EXT * (kappa - height)
    moments: Mut = row_moments(r + EXT * (kappa - 3))
    z: Mut = ZERO
    for i in unroll(0, LAYERS):
        l = LAYERS - 1 - i
        place = CONSTANT_PLACES[(l + 1) % LAYERS]
        current, outputs, active, y, z = poseidon_layer(
            current, sizes, height, outputs, active, y, moments, place, KINDS[l]
        )
        moments = powers(z, BLOCK)
        if KINDS[l] == MIDDLE:
            claims[S_POINT] = y
            claims[S_POINT + 1] = z
            for hash in unroll(0, HASHES):
                if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
                    # The claims on `s` come before those on u_3.
                    claims[HASH_RECORD * hash + S_CLAIMS] = outputs[hash] - EXT * PARTIALS[hash]
    claims[INPUT_POINT] = y
    claims[INPUT_POINT + 1] = z
    for hash in unroll(0, HASHES):
        if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
            claims[HASH_RECORD * hash + INPUT_CLAIMS] = outputs[hash]
    return current, claims


# H_P: no present hash table is higher, and one is as high.
def hash_height(sizes):
    hint = Array(1)
    hint_witness("hash_height", hint)
    height = hint[0]
    product: Mut = 1
    for hash in unroll(0, HASHES):
        record = sizes + RECORD * HASH_TABLES[hash]
        if record[PRESENT] == 1:
            assert record[HEIGHT] <= height
            product *= height - record[HEIGHT]
    assert product == 0
    return height


# The sums over z of weight_z * ξ^(zk), for k < 8, of the weights eq(row, z).
def row_moments(row):
    moments = Array(EXT * BLOCK)
    for k in unroll(0, BLOCK):
        product: Mut = ONE
        for i in unroll(0, 3):
            factor = scale(XI ** (k * 2 ** (2 - i)) - 1, row + EXT * i)
            shifted = Array(EXT)
            shifted[0] = factor[0] + 1
            for j in unroll(1, EXT):
                shifted[j] = factor[j]
            product = mul(product, shifted)
        copy(product, moments + EXT * k)
    return moments


# 14.2 to 14.8. `outputs` are the claims on the outputs of the layer by hash table, but those of rc, at the skip point
# of which y is the first part and the indicators of the rows are `active`; `place` is that of rc of the next layer.
# The state, the values of the layer, the indicators, the skip point.
def poseidon_layer(state, sizes, height, outputs, active, y, moments, place, kind: Const):
    # 14.2.
    deltas = delta_powers(state, kind)
    groups = hash_powers(deltas)
    # What all tables of width 16 have in common.
    constants_16 = round_constants(deltas, 16, 20, place, kind)
    weights_16 = layer_weights(deltas, 16, 20, 16, kind)
    claim: Mut = ZERO
    for hash in unroll(0, HASHES):
        if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
            of_table = Array(EXT)
            if kind == LAST:
                dot_product_ee(deltas, outputs[hash], of_table, OUTPUTS[hash])
            else:
                values = dot(deltas, outputs[hash], WIDTHS[hash])
                constants: Imu
                if WIDTHS[hash] == 16:
                    constants = constants_16
                else:
                    constants = round_constants(deltas, WIDTHS[hash], PARTIALS[hash], place, kind)
                inactive = mul(active[hash], constants)
                sub_to(values, inactive, of_table)
            scaled = mul(groups + EXT * hash, of_table)
            claim = add(claim, scaled)

    # 14.3, 14.4.
    current: Mut = state
    current, coefficients = receive_extension(current, SKIP_DEGREE)
    z = current
    z_powers = powers(z, SKIP_DEGREE + 1)
    factors = Array(EXT * SKIP_DEGREE)
    for k in unroll(1, SKIP_DEGREE + 1):
        sub_to(z_powers + EXT * k, moments + EXT * (k % BLOCK), factors + EXT * (k - 1))
    rest = dot(coefficients, factors, SKIP_DEGREE)
    skipped = add(claim, rest)
    claim = weighted_claim(skipped, 3)

    # 14.5.
    next_y = Array(EXT * MAX_VARIABLES)
    coordinate: Mut = y
    to: Mut = next_y
    for i in range(0, height - 3):
        current, round = receive_extension(current, 3)
        claim = weighted_round(claim, round, current, coordinate, 3)
        copy(current, to)
        coordinate += EXT
        to += EXT

    # 14.6, 14.7.
    next_active = indicators(sizes, height, next_y, z_powers)
    next_outputs = Array(HASHES)
    sum: Mut = ZERO
    for hash in unroll(0, HASHES):
        if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
            weights: Imu
            if WIDTHS[hash] == 16:
                if num_outputs(hash, kind) == 16:
                    weights = weights_16
                else:
                    weights = cube_weights(deltas, 16, num_outputs(hash, kind))
            else:
                weights = layer_weights(deltas, 24, 23, 24, kind)
            g = Array(EXT)
            if kind == MIDDLE:
                current, received = receive_extension(current, PARTIALS[hash] + WIDTHS[hash])
                next_outputs[hash] = received + EXT * PARTIALS[hash]
                cubes = Array(EXT)
                weighted_cubes(weights, received, cubes, PARTIALS[hash] + WIDTHS[hash])
                inputs = dot(deltas + EXT * WIDTHS[hash], received, PARTIALS[hash])
                sub_to(cubes, inputs, g)
            elif kind == FIRST:
                current, received = receive_extension(current, INPUTS[hash])
                next_outputs[hash] = received
                layer_0 = first_layer(received, next_active[hash], INPUTS[hash], WIDTHS[hash])
                weighted_cubes(weights, layer_0, g, WIDTHS[hash])
            else:
                current, received = receive_extension(current, WIDTHS[hash])
                next_outputs[hash] = received
                weighted_cubes(weights, received, g, WIDTHS[hash])
            scaled = mul(groups + EXT * hash, g)
            sum = add(sum, scaled)
    assert_same(sum, claim)
    return current, next_outputs, next_active, next_y, z


@inline
def num_outputs(hash: Const, kind: Const):
    if kind == LAST:
        return OUTPUTS[hash]
    return WIDTHS[hash]


# δ^j for j below the number that a hash table uses.
@inline
def delta_powers(delta, kind: Const):
    if kind == MIDDLE:
        return powers(delta, 24 + 23)
    return powers(delta, 24)


# δ^(64 * hash).
@inline
def hash_powers(deltas):
    power_32 = mul(deltas + EXT * 16, deltas + EXT * 16)
    power_64 = mul(power_32, power_32)
    return powers(power_64, HASHES)


# The sum of δ^j * rc_j, and in the middle of δ'_i * rc'_i.
def round_constants(deltas, width: Const, partials: Const, place, kind: Const):
    constants = NUMBERS + TABLE_16 + (TABLE_24 - TABLE_16) * ((width - 16) / 8) + width * place
    if kind == MIDDLE:
        return dot_base(constants, deltas, width + partials)
    return dot_base(constants, deltas, width)


# The weights of the cubes of a layer: in the middle those of the partial rounds, then ψ_j.
@inline
def layer_weights(deltas, width: Const, partials: Const, outputs: Const, kind: Const):
    if kind == MIDDLE:
        return middle_weights(deltas, width, partials)
    return cube_weights(deltas, width, outputs)


# ψ_j of the weights of the first outputs.
def cube_weights(deltas, width: Const, outputs: Const):
    weights = Array(EXT * width)
    columns_times(deltas, weights, width, outputs)
    return weights


@inline
def columns_times(vector, out, width: Const, length: Const):
    for block in unroll(0, width / 4):
        for y in unroll(0, 4):
            coefficients = NUMBERS + COLUMN_PATTERNS + PATTERN * y + 4 * (BLOCKS - 1 - block)
            dot_product_be(coefficients, vector, out + EXT * (4 * block + y), length)
    return


# φ_i, then ψ_j: the partial rounds from the last to the first.
def middle_weights(deltas, width: Const, partials: Const):
    weights = Array(EXT * (width + partials))
    state: Mut = deltas
    for k in range(0, partials):
        i = partials - 1 - k
        state = internal_layer(state, weights + EXT * i, deltas + EXT * (width + i), width)
    columns_times(state, weights + EXT * partials, width, width)
    return weights


# The internal layer, which is symmetric, of the weights after a partial round; the first is that of the cube, for which
# that of the input is put.
def internal_layer(state, cube, input, width: Const):
    sum = dot_base(ONES, state, width)
    next = Array(EXT * width)
    for i in unroll(0, EXT):
        cube[i] = sum[i] + diagonal(0, width) * state[i]
    copy(input, next)
    for j in unroll(1, width):
        for i in unroll(0, EXT):
            next[EXT * j + i] = sum[i] + diagonal(j, width) * state[EXT * j + i]
    return next


@inline
def diagonal(j: Const, width: Const):
    if width == 16:
        return DIAGONAL_16[j]
    return DIAGONAL_24[j]


# The sum of weight_j * value_j^3, to `sum`.
def weighted_cubes(weights, values, sum, n: Const):
    cubes = Array(EXT * n)
    for j in unroll(0, n):
        square = mul(values + EXT * j, values + EXT * j)
        mul_to(square, values + EXT * j, cubes + EXT * j)
    dot_product_ee(weights, cubes, sum, n)
    return


# u_0 of `in`.
def first_layer(inputs, active, number: Const, width: Const):
    layer_0 = Array(EXT * width)
    for block in unroll(0, width / 4):
        for y in unroll(0, 4):
            coefficients = NUMBERS + ROW_PATTERNS + PATTERN * y + 4 * (BLOCKS - 1 - block)
            product = dot_base(coefficients, inputs, number)
            for i in unroll(0, EXT):
                element = layer_0 + EXT * (4 * block + y)
                element[i] = product[i] + first_constant(4 * block + y, width) * active[i]
    return layer_0


@inline
def first_constant(j: Const, width: Const):
    if width == 16:
        return ROUNDS_16[0][j]
    return ROUNDS_24[0][j]


# Î_T(y, Z) of each present hash table.
def indicators(sizes, height, y, z_powers):
    sums = Array(EXT * BLOCK)
    copy(ZERO, sums)
    for z in unroll(1, BLOCK):
        dot_product_be(NUMBERS + TABLE_SUMS + BLOCK * (z - 1), z_powers, sums + EXT * z, BLOCK)
    active = Array(HASHES)
    for hash in unroll(0, HASHES):
        record = sizes + RECORD * HASH_TABLES[hash]
        if record[PRESENT] == 1:
            active[hash] = indicator(record, y + EXT * (height - record[HEIGHT]), sums)
    return active


def indicator(record, y, sums):
    if record[FULL] == 1:
        return ONE
    digits = record + DIGITS
    blocks = digits + (ROW_DIGITS - record[HEIGHT])
    smaller, equal = match_range(
        record[HEIGHT], range(MIN_HEIGHT, ROW_DIGITS), lambda h: below(blocks, y, h - MIN_HEIGHT)
    )
    z = 4 * digits[ROW_DIGITS - 3] + 2 * digits[ROW_DIGITS - 2] + digits[ROW_DIGITS - 1]
    last = mul(equal, sums + EXT * z)
    total = add(smaller, last)
    return total
