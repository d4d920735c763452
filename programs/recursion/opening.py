# The opening of SPEC.md section 17, steps 17.4 to 17.20, for any number of variables and any rate. Queries are taken in
# the order sampled, and new claims are numbered so.
#
# A claim that is carried along is at the cells 3 to 7 of an array of 24, before the room for a round polynomial.
from snark_lib import *
from recursion.field import *
from recursion.transcript import *
from recursion.merkle import *
from recursion.stacking import *

ALL_LATER_FOLDS = [2, 4, 4]
FINAL_MAXES = [4, 4, 7]
MAX_RATES = [4, 6, 12]
LATER_FOLD = ALL_LATER_FOLDS[SET]
FINAL_MAX = FINAL_MAXES[SET]
MAX_RATE = MAX_RATES[SET]
# By R, from 1 on.
ALL_QUERIES = [[3, 3, 3, 3], [5, 5, 5, 5, 5, 5], [250, 121, 79, 59, 46, 38, 33, 29, 26, 23, 21, 19]]
ALL_QUERY_POWS = [[2, 2, 2, 2], [4, 4, 4, 4, 4, 4], [11, 12, 13, 13, 14, 14, 13, 13, 13, 15, 16, 17]]
FOLD_BITS = [129, 131, 131, 131, 129, 127, 127, 128, 128, 127, 128, 126]
QUERIES = ALL_QUERIES[SET]
QUERY_POWS = ALL_QUERY_POWS[SET]
ONE_HALF = 1 / 2
ALL_MIN_LOG_ROWS = [6, 7, 8]
MIN_LOG_ROWS = ALL_MIN_LOG_ROWS[SET]
MAX_LOG_DOMAIN = 24
# Variables of the final polynomial, at least.
FINAL_MIN = FINAL_MAX - LATER_FOLD + 1
# Rounds after the first, at most.
MAX_LATER = div_ceil(MAX_STACK - FIRST_FOLD - FINAL_MAX, LATER_FOLD)
# What is kept of the new claims of a round: variables, R, elements, powers of zeta from that of the first query on,
# out-of-domain point, which the last round has not.
NEW_CLAIM_CELLS = 5


# `state` has not been squeezed. `values` has the address of the list of 15.3 of each present table; rho has `height`
# coordinates, ood_point mu; `public` are the 32 public cells. Returns a state that has been squeezed.
def verify_opening(state, sizes, root, mu, rate, width, ood_point, ood_answer, values, rho, height, public):
    # 17.4, 17.5.
    samples = Array(EXT * 16)
    copy(state, samples)
    s: Mut = state
    for i in unroll(1, 16):
        s = next_squeeze(s)
        copy(s, samples + EXT * i)
    u = samples
    beta = samples + EXT * 2
    zeta = samples + EXT * 15

    # 17.6.
    of_table, of_zero, of_column = column_weights(beta)
    claims = Array(EXT * 3)
    first_values(sizes, values, public, u, of_table, of_zero, of_column, claims)
    copy(ood_answer, claims + EXT * 2)
    zetas = Array(EXT * 3)
    powers_to(zeta, zetas, 3)
    claim = Array(24)
    dot_product_ee(claims, zetas, claim + 3, 3)

    x = Array(EXT * MAX_STACK)
    records = Array(NEW_CLAIM_CELLS * (MAX_LATER + 1))
    last_state, last_claim, final = opening_rounds(s, claim, root, mu, rate, width, x, records)

    # 17.20.
    columns, public_weight = first_weights(sizes, mu, rho, height, x, u, beta, of_table, of_zero, of_column)
    weights = Array(EXT * 3)
    copy(columns, weights)
    copy(public_weight, weights + EXT)
    copy(eq_points(ood_point, x, mu), weights + EXT * 2)
    first = dot(weights, zetas, 3)
    weight = add(first, later_weights(mu, x, records))
    dot_product_ee(final, weight, last_claim + 3, 1)
    return last_state


@inline
def later_rounds(mu):
    return match_range(
        mu, range(MIN_STACK, MAX_STACK + 1), lambda m: div_ceil(m - FIRST_FOLD - FINAL_MAX, LATER_FOLD)
    )


@inline
def fold_pow(rate, log_rows):
    pow: Imu
    if SET_PLACEHOLDER == 3:
        # Never negative: the least is 1, at 2^8 rows and R = 3.
        pow = 124 + log_rows - match_range(rate, range(1, MAX_RATE + 1), lambda r: FOLD_BITS[r - 1])
    else:
        pow = 0
    return pow


# 17.7 to 17.19. Returns the state, the last claim and the last value of f.
def opening_rounds(state, claim, root, mu, rate, width, x, records):
    rest = mu - FIRST_FOLD
    folded, c0 = fold_claim(state, claim, x, FIRST_FOLD, fold_pow(rate, rest + rate))
    weights = eq_table(x, FIRST_FOLD)
    s0, c1, root1 = new_claims(1, folded, c0, root, rate, rest, weights, width, records)

    s: Mut = s0
    c: Mut = c1
    oracle: Mut = root1
    r: Mut = next_rate(rate, 2)
    left: Mut = rest - LATER_FOLD
    x_t: Mut = x + EXT * FIRST_FOLD
    new: Mut = records + NEW_CLAIM_CELLS
    for t in range(1, later_rounds(mu)):
        s, c = fold_claim(s, c, x_t, LATER_FOLD, fold_pow(r, left + r))
        of_row = eq_table(x_t, LATER_FOLD)
        s, c, oracle = new_claims(0, s, c, oracle, r, left, of_row, 0, new)
        r = next_rate(r, 3)
        left -= LATER_FOLD
        x_t += EXT * LATER_FOLD
        new += NEW_CLAIM_CELLS

    s, c = fold_claim(s, c, x_t, LATER_FOLD, fold_pow(r, left + r))
    of_row = eq_table(x_t, LATER_FOLD)
    results = Array(3)
    match_range(
        left,
        range(FINAL_MIN, FINAL_MAX + 1),
        lambda k: last_round(k, s, c, oracle, r, of_row, x_t + EXT * LATER_FOLD, new, results),
    )
    return results[0], results[1], results[2]


def next_rate(rate, step: Const):
    return match_range(
        rate, range(1, MAX_RATE + 1), lambda r: r + step - saturating_sub(r + step, MAX_RATE)
    )


@inline
def queries_of(rate):
    return match_range(rate, range(1, MAX_RATE + 1), lambda r: QUERIES[r - 1])


# 17.11 to 17.18 of a round that leaves f with `variables`. Returns a state that has been squeezed, the claim
# and the next root.
def new_claims(base: Const, state, claim, root, rate, variables, weights, width, record):
    s1, next_root = receive(state, 8)
    point = Array(EXT * MAX_STACK)
    s2 = sample_point(s1, point, variables)
    s3, answer = receive_extension(s2, 1)
    count = queries_of(rate)
    claims = Array(EXT * (count + 2))
    copy(claim + 3, claims)
    copy(answer, claims + EXT)
    s4, elements = query_oracle(base, s3, root, rate, variables + rate, count, weights, width, claims + EXT * 2)
    zeta = next_squeeze(s4)
    powers = Array(EXT * (count + 2))
    next = Array(24)
    match_range(rate, range(1, MAX_RATE + 1), lambda r: combine_claims(QUERIES[r - 1], claims, zeta, powers, next + 3))
    record[0] = variables
    record[1] = rate
    record[2] = elements
    record[3] = powers + EXT * 2
    record[4] = point
    return zeta, next, next_root


# The powers 0 to n + 1 of zeta, and the sum of n + 2 claims with them.
def combine_claims(n: Const, claims, zeta, powers, to):
    powers_to(zeta, powers, n + 2)
    dot_product_ee(claims, powers, to, n + 2)
    return 0


# 17.14 to 17.17: the answers, and the elements with the nodes of the rows. Returns a state that has been squeezed.
def query_oracle(base: Const, state, root, rate, log_rows, count, weights, width, answers):
    s1 = grind(state, match_range(rate, range(1, MAX_RATE + 1), lambda r: QUERY_POWS[r - 1]))
    squeezes = match_range(rate, range(1, MAX_RATE + 1), lambda r: div_ceil(QUERIES[r - 1], 8))
    s2, elements = squeeze_elements(s1, squeezes)
    places = top_of_tree(root)
    digests = Array(24 * count)
    if base == 1:
        match_range(
            width, range(1, 2 ** FIRST_FOLD + 1), lambda w: rows_of_base(w, count, weights, digests, answers)
        )
    else:
        rows_of_extension(2 ** LATER_FOLD, count, weights, digests, answers)
    match_range(
        log_rows, range(MIN_LOG_ROWS, MAX_LOG_DOMAIN + 1), lambda l: paths(l, count, elements, digests, places)
    )
    return s2, elements


# 17.10, 17.14 to 17.19 with k variables left. The state, the claim and the value of f to `results`.
def last_round(k: Const, state, claim, root, rate, weights, x, record, results):
    s1, final = receive_extension(state, 2 ** k)
    count = queries_of(rate)
    claims = Array(EXT * (count + 2))
    copy(claim + 3, claims)
    # For want of an out-of-domain sample, a last claim of 0: as many claims as in other rounds.
    copy(ZERO, claims + EXT * (count + 1))
    s2, elements = query_oracle(0, s1, root, rate, k + rate, count, weights, 0, claims + EXT)
    zeta = next_squeeze(s2)
    powers = Array(EXT * (count + 2))
    next = Array(24)
    match_range(rate, range(1, MAX_RATE + 1), lambda r: combine_claims(QUERIES[r - 1], claims, zeta, powers, next + 3))
    record[0] = k
    record[1] = rate
    record[2] = elements
    record[3] = powers + EXT
    s3, c = fold_claim(zeta, next, x, k, 0)
    results[0] = s3
    results[1] = c
    results[2] = dot(eq_table(x, k), final, 2 ** k)
    return 0


# 17.7 to 17.9, `count` times: the challenges to x. Returns a state that has been squeezed, and the claim.
def fold_claim(state, claim, x, count, pow):
    s: Mut = state
    c: Mut = claim
    for i in range(0, count):
        list = c + 8
        hint_witness("proof", list)
        r = grind(absorb(s, list, 10), pow)
        square = mul(r, r)
        weights = Array(EXT * 3)
        weights[0] = ONE_HALF
        weights[EXT] = r[0] - ONE_HALF
        weights[EXT * 2] = square[0] - ONE_HALF
        to = x + EXT * i
        to[0] = r[0]
        for j in unroll(1, EXT):
            weights[j] = 0
            weights[EXT + j] = r[j]
            weights[EXT * 2 + j] = square[j]
            to[j] = r[j]
        next = Array(24)
        dot_product_ee(c + 3, weights, next + 3, 3)
        c = next
        s = r
    return s, c


# The weights of the claims of 17.18 at x. The product over i of 1 - x_i + x_i v_i is eq of the v_i and the 1/(2 - x_i)
# times the product of the 2 - x_i: one term for each variable. The inverses are hinted.
def later_weights(mu, x, records):
    end_of_x = x + EXT * mu
    number = mu - FIRST_FOLD
    inverses = Array(EXT * number)
    hint_witness("inverse", inverses)
    # products + 5 k is that of the last k coordinates.
    products = Array(EXT * (number + 1))
    copy(ONE, products)
    x_i: Mut = end_of_x
    end_of_inverses = inverses + EXT * number
    inverse: Mut = end_of_inverses
    product: Mut = products
    for i in range(0, number):
        x_i -= EXT
        inverse -= EXT
        distance = Array(EXT)
        distance[0] = 2 - x_i[0]
        for j in unroll(1, EXT):
            distance[j] = 0 - x_i[j]
        dot_product_ee(distance, inverse, ONE, 1)
        dot_product_ee(distance, product, product + EXT, 1)
        product += EXT

    s0: Mut = 0
    s1: Mut = 0
    s2: Mut = 0
    s3: Mut = 0
    s4: Mut = 0
    for t in range(0, later_rounds(mu)):
        record = records + NEW_CLAIM_CELLS * t
        variables = record[0]
        terms = Array(EXT * 4)
        copy(record[3] - EXT, terms)
        copy(queried_weights(record, end_of_inverses), terms + EXT)
        copy(eq_points(record[4], end_of_x - EXT * variables, variables), terms + EXT * 2)
        copy(products + EXT * variables, terms + EXT * 3)
        weight = dot(terms, terms + EXT * 2, 2)
        s0 += weight[0]
        s1 += weight[1]
        s2 += weight[2]
        s3 += weight[3]
        s4 += weight[4]
    last = records + NEW_CLAIM_CELLS * later_rounds(mu)
    weight = mul(queried_weights(last, end_of_inverses), products + EXT * last[0])
    sum = Array(EXT)
    sum[0] = s0 + weight[0]
    sum[1] = s1 + weight[1]
    sum[2] = s2 + weight[2]
    sum[3] = s3 + weight[3]
    sum[4] = s4 + weight[4]
    return sum


# The weights of the queries of a record, but for the product of the 2 - x_i.
def queried_weights(record, end_of_inverses):
    variables = record[0]
    rate = record[1]
    count = queries_of(rate)
    list = Array(EXT * count)
    match_range(
        variables,
        range(1, MAX_STACK - FIRST_FOLD + 1),
        lambda k: power_weights(k, count, record[2], end_of_inverses - EXT * variables, list),
    )
    queried = Array(EXT)
    match_range(rate, range(1, MAX_RATE + 1), lambda r: dot_to(QUERIES[r - 1], record[3], list, queried))
    return queried


def dot_to(n: Const, a, b, to):
    dot_product_ee(a, b, to, n)
    return 0


def power_weights(k: Const, count, elements, inverses, to):
    element: Mut = elements
    weight: Mut = to
    for q in range(0, count):
        powers = Array(k)
        powers[k - 1] = element[1]
        for i in unroll(0, k - 1):
            powers[k - 2 - i] = powers[k - 1 - i] * powers[k - 1 - i]
        eq_be(powers, inverses, weight, k)
        element += 2
        weight += EXT
    return 0
