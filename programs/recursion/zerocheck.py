# SPEC.md section 15: constraints, leaves and permutations of all tables at one point.
#
# Private input  "table_height": H; "program_value": an element, see below.
from snark_lib import *
from recursion.field import *
from recursion.sizes import *
from recursion.transcript import *
from recursion.poseidon import *
from recursion.tables import *

ZEROCHECK_DEGREE = 6
HASH_OF = [7, 7, 7, 7, 7, 7, 0, 1, 2, 7, 7, 7, 7, 3, 7, 7, 4, 7, 5, 7, 6, 7]  # hash_T; HASHES if there is none
FIRST_INPUT = [12, 16, 20, 19, 1, 5, 4]  # by hash_T the first column `in`
GAMMAS = 25  # powers of γ, as many as there are constraints of a table, or columns `in`, `s` or `y`

# Numbers of which dot products need a place: those of words, then 2^25, 2^24, .., 1.
ZEROCHECK_NUMBERS = WORDS
TWO_POWERS = WORDS + len(WORD_FACTORS)
TWO_POWERS_END = TWO_POWERS + MAX_LOG_ROWS
ZEROCHECK_NUMBERS_END = TWO_POWERS_END


# Fills the table, which lies at ZEROCHECK_NUMBERS.
@inline
def fill_zerocheck_numbers(table):
    for i in unroll(0, len(WORD_FACTORS)):
        table[i] = WORD_FACTORS[i]
    for i in unroll(0, MAX_LOG_ROWS):
        table[TWO_POWERS - ZEROCHECK_NUMBERS + i] = 2 ** (MAX_LOG_ROWS - 1 - i)
    return


# What all tables have in common: 1, λ * (α - 1), -λ * eq(θ, 0) and -λ, the factors of the sums of interactions; then
# the factors of the kernels of `s` and of `in`.
LEAF_FACTORS = 0
KERNELS = EXT * 4
COMMON = KERNELS + EXT * 2
# The powers of γ: 1, γ, ..; by T γ^(1 + o_T); by hash_T γ^(first_T), γ^(first_T + 512), γ^(first_T + 1024).
OF_CONSTRAINTS = EXT * GAMMAS
OF_HASHES = OF_CONSTRAINTS + EXT * (TABLES + 1)
POWERS = OF_HASHES + EXT * 3 * HASHES


# 15.1 to 15.5, of a fresh state; r has κ coordinates, `slots` are eq(θ, slot), `weights` by T pointers to w_{T,j},
# `hashes` what poseidon() returns.
# A fresh state, ρ, H, by T pointers to the values of the columns, and the value claimed of the program function
# (SPEC.md 25) at θ_1, θ_2, θ_3 and the last h_0 coordinates of ρ.
def zerocheck(state, sizes, kappa, r, p, q, alpha, theta, slots, weights, hashes):
    height = table_height(sizes)
    # 15.1.
    lambda_ = state
    gamma = next_squeeze(state)
    gammas = powers_of_gamma(gamma)
    common = Array(COMMON)
    leaf_factors(lambda_, alpha, slots, common)

    # 15.2.
    claim: Mut = add(p, mul(lambda_, sub(q, ONE)))
    has_hashes: Mut = 0
    for hash in unroll(0, HASHES):
        if sizes[RECORD * HASH_TABLES[hash] + PRESENT] == 1:
            has_hashes = 1
            claims = hashes + HASH_RECORD * hash
            sums = hash_sums(gammas, hash, claims[Y_CLAIMS], claims[S_CLAIMS], claims[INPUT_CLAIMS])
            claim = add(claim, dot(gammas + OF_HASHES + EXT * 3 * hash, sums, 3))
    rho = Array(EXT * MAX_VARIABLES)
    current: Mut = gamma
    for i in range(0, height):
        current, coefficients = receive_extension(current, ZEROCHECK_DEGREE)
        claim = plain_round(claim, coefficients, current, ZEROCHECK_DEGREE)
        copy(current, rho + EXT * i)
    rho_end = rho + EXT * height
    r_end = r + EXT * kappa
    if has_hashes == 1:
        low_coordinates = row_moments(rho_end - EXT * 3)
        kernel_factor(low_coordinates, hashes[S_POINT + 1], common + KERNELS)
        kernel_factor(low_coordinates, hashes[INPUT_POINT + 1], common + KERNELS + EXT)

    # 15.3, 15.4.
    program_value = Array(EXT)
    hint_witness("program_value", program_value)
    program = mul(complement(theta), program_value)
    columns = Array(TABLES)
    total: Mut = ZERO
    for table in unroll(0, TABLES):
        record = sizes + RECORD * table
        if record[PRESENT] == 1:
            current, columns[table], sum = table_sum(
                current, table, record, r_end, rho_end, program, slots, weights[table], common, gammas, hashes
            )
            # 2^(h_T - 3) times it.
            total = add(total, scale(record[SIZE], sum))
    # 15.5, times 2^(H - 3).
    assert_same(total, scale(power_of_two(height - MIN_HEIGHT), claim))
    return current, rho, height, columns, program_value


# H: no table is higher, and one is as high.
def table_height(sizes):
    hint = Array(1)
    hint_witness("table_height", hint)
    height = hint[0]
    product: Mut = 1
    for table in unroll(0, TABLES):
        # 0 of an absent table.
        of_table = sizes[RECORD * table + HEIGHT]
        assert of_table <= height
        product *= height - of_table
    assert product == 0
    return height


@inline
def leaf_factors(lambda_, alpha, slots, factors):
    copy(ONE, factors)
    mul_to(lambda_, sub(alpha, ONE), factors + EXT)
    minus = sub(ZERO, lambda_)
    mul_to(minus, slots, factors + EXT * 2)
    copy(minus, factors + EXT * 3)
    return


def powers_of_gamma(gamma):
    all = Array(POWERS)
    copy(ONE, all)
    for i in unroll(1, GAMMAS):
        mul_to(all + EXT * (i - 1), gamma, all + EXT * i)
    of_constraints = all + OF_CONSTRAINTS
    copy(gamma, of_constraints)
    for table in unroll(0, TABLES):
        mul_to(of_constraints + EXT * table, all + EXT * NUM_CONSTRAINTS[table], of_constraints + EXT * (table + 1))
    # γ^(64 * hash), and γ^512.
    groups = hash_powers(all)
    power_512 = mul(groups + EXT * 4, groups + EXT * 4)
    for hash in unroll(0, HASHES):
        of_hash = all + OF_HASHES + EXT * 3 * hash
        mul_to(of_constraints + EXT * TABLES, groups + EXT * hash, of_hash)
        mul_to(of_hash, power_512, of_hash + EXT)
        mul_to(of_hash + EXT, power_512, of_hash + EXT * 2)
    return all


# The sums of γ^j * `y_j`, γ^i * `s_i` and γ^j * `in_j`.
@inline
def hash_sums(gammas, hash: Const, y, s, inputs):
    sums = Array(EXT * 3)
    dot_product_ee(gammas, y, sums, OUTPUTS[hash])
    dot_product_ee(gammas, s, sums + EXT, PARTIALS[hash])
    dot_product_ee(gammas, inputs, sums + EXT * 2, INPUTS[hash])
    return sums


# The sum over z of eq(the last three coordinates of ρ, z) * lagrange_z(Z), of the sums over z of eq(.., z) * ξ^(zk):
# the sum of Z^k * ξ^(-zk) / 8 over k is lagrange_z(Z).
@inline
def kernel_factor(moments, z, factor):
    z_powers = powers(z, BLOCK)
    turned = Array(EXT * BLOCK)
    for k in unroll(0, BLOCK):
        copy(moments + EXT * ((BLOCK - k) % BLOCK), turned + EXT * k)
    eight_times = dot(z_powers, turned, BLOCK)
    copy(scale(1 / BLOCK, eight_times), factor)
    return


# Of a present table: the state, the values of its columns, F_T(ρ_T).
def table_sum(state, table: Const, record, r_end, rho_end, program, slots, w, common, gammas, hashes):
    # As receive_extension, in this frame.
    columns = Array(next_multiple_of(EXT * NUM_COLUMNS[table], 8))
    hint_witness("proof", columns)
    next = absorb(state, columns, EXT * NUM_COLUMNS[table])

    height = record[HEIGHT]
    rho = rho_end - EXT * height
    weight = Array(EXT)
    row = Array(EXT)
    row_weights(record, r_end - EXT * height, rho, weight, row)

    # G_T.
    sent = Array(SENT)
    constraints = Array(EXT * MAX_CONSTRAINTS)
    table_row(table, columns, row, program, slots, sent, constraints)
    sums = Array(EXT * 4)
    interaction_sums(table, columns, sent, w, sums)
    g: Mut = dot(common + LEAF_FACTORS, sums, 4)
    if NUM_CONSTRAINTS[table] != 0:
        of_constraints = dot(gammas, constraints, NUM_CONSTRAINTS[table])
        g = add(g, mul(gammas + OF_CONSTRAINTS + EXT * table, of_constraints))
    hash = HASH_OF[table]
    if hash == HASHES:
        return next, columns, mul(weight, g)
    inputs = columns + EXT * FIRST_INPUT[hash]
    s = inputs + EXT * INPUTS[hash]
    y = s + EXT * PARTIALS[hash]
    of_hash = hash_sums(gammas, hash, y, s, inputs)
    hash_gammas = gammas + OF_HASHES + EXT * 3 * hash
    g = add(g, mul(hash_gammas, of_hash))
    f: Mut = mul(weight, g)
    for i in unroll(0, 2):
        skip_y = hashes[S_POINT + 2 * i] + EXT * (hashes[HASH_HEIGHT] - height)
        kernel = mul(eq_points(skip_y, rho, height - MIN_HEIGHT), common + KERNELS + EXT * i)
        of_columns = mul(hash_gammas + EXT * (1 + i), of_hash + EXT * (1 + i))
        f = add(f, mul(kernel, of_columns))
    return next, columns, f


# Of interactions with weights w_j the sums of w_j * num_j, w_j, w_j * bus_j, and w_j * the sum over slots from 1 on.
@inline
def interaction_sums(table: Const, columns, sent, w, sums):
    if table == 0:
        sub_to(ZERO, dot(w, columns, INTERACTIONS[0]), sums)
    elif table == 1:
        sub_to(ZERO, dot(w, columns + EXT * 8, INTERACTIONS[1]), sums)
    else:
        dot_product_be(sent + NUMERATORS, w, sums, INTERACTIONS[table])
    dot_product_be(ONES, w, sums + EXT, INTERACTIONS[table])
    dot_product_be(sent + BUSES, w, sums + EXT * 2, INTERACTIONS[table])
    dot_product_ee(w, sent, sums + EXT * 3, INTERACTIONS[table])
    return


# eq(r_T, ρ_T) * I_T(ρ_T), and row(ρ_T).
def row_weights(record, r, rho, weight, row):
    match_range(record[HEIGHT], range(MIN_HEIGHT, ROW_DIGITS), lambda h: row_weights_of(record, r, rho, weight, row, h))
    return


def row_weights_of(record, r, rho, weight, row, h: Const):
    digits = record + DIGITS + (ROW_DIGITS - h)
    smaller, _ = below(digits, rho, h)
    # If there are 2^h rows, their last h digits are 0.
    active = plus(smaller, record[FULL])
    mul_to(eq_of(r, rho, h), active, weight)
    dot_product_be(TWO_POWERS_END - h, rho, row, h)
    return
