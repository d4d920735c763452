# SPEC.md section 13: the lookup of 2^κ leaves.
#
# Private input  "place": by present table the index of its first block modulo 16, the length of a block being 1.
from snark_lib import *
from recursion.field import *
from recursion.sizes import *
from recursion.transcript import *

STATE_BUS = 1
LOG_SLOTS = 4
SLOTS = 16
PADDING = 4  # zeros before the first coordinate of r
INDEX_DIGITS = MAX_VARIABLES - 3  # of a block of at least 8 leaves


# 13.1 to 13.5, of a state of which a squeeze is next; end_pc is that of HALT.
# State (its squeeze is used), α, θ, the weights of the slots, r, P, Q.
def lookup(state, kappa, start_fp, end_pc):
    challenges = Array(EXT * (1 + LOG_SLOTS))
    sampled = sample_point(state, challenges, 1 + LOG_SLOTS)
    alpha = challenges
    slots = eq_table(challenges + EXT, LOG_SLOTS)
    start = state_denominator(alpha, slots, 0, start_fp)
    end = state_denominator(alpha, slots, end_pc, start_fp)

    received, root = receive_extension(sampled, 4)
    numerator, denominator = fraction(root)
    # 13.3.
    ends = mul(start, end)
    product = mul(denominator, ends)
    assert_nonzero(product)
    # 13.4.
    left = mul(numerator, ends)
    difference = sub(start, end)
    right = mul(denominator, difference)
    assert_same(left, right)

    tau = received
    first = Array(EXT)
    copy(tau, first)
    point: Mut = first
    n: Mut = interpolate(root, tau)
    d: Mut = interpolate(root + 2 * EXT, tau)
    last: Mut = received
    for k in range(1, kappa):
        last, point, n, d = lookup_layer(last, k, point, n, d)
    # r, behind zeros.
    padded = Array(EXT * (PADDING + MAX_VARIABLES))
    for i in unroll(0, EXT * PADDING):
        padded[i] = 0
    r = padded + EXT * PADDING
    for i in range(0, kappa):
        copy(point + EXT * i, r + EXT * i)
    return last, alpha, challenges + EXT, slots, r, n, d


# α - fingerprint(STATE, pc, fp).
@inline
def state_denominator(alpha, slots, pc, fp):
    denominator = Array(EXT)
    for i in unroll(0, EXT):
        denominator[i] = alpha[i] - STATE_BUS * slots[i] - pc * slots[EXT + i] - fp * slots[2 * EXT + i]
    return denominator


# Of two fractions, as N(0), N(1), D(0), D(1), the sum.
@inline
def fraction(values):
    # N(0) * D(1) + N(1) * D(0).
    turned = Array(2 * EXT)
    copy(values + 3 * EXT, turned)
    copy(values + 2 * EXT, turned + EXT)
    numerator = dot(values, turned, 2)
    denominator = mul(values + 2 * EXT, values + 3 * EXT)
    return numerator, denominator


# values(0) + t * (values(1) - values(0)).
@inline
def interpolate(values, t):
    difference = sub(values + EXT, values)
    product = mul(t, difference)
    sum = add(values, product)
    return sum


# 13.6 to 13.10: from a claim on layer k to one on layer k + 1, at the point (τ, ρ).
def lookup_layer(state, k, point, n, d):
    lambda_ = next_squeeze(state)
    scaled = mul(lambda_, d)
    sum = add(n, scaled)
    claim: Mut = weighted_claim(sum, 2)
    next_point = Array(EXT * MAX_VARIABLES)
    current: Mut = lambda_
    coordinate: Mut = point
    to: Mut = next_point
    for i in range(0, k):
        current, coefficients = receive_extension(current, 2)
        claim = weighted_round(claim, coefficients, current, coordinate, 2)
        coordinate += EXT
        to += EXT
        copy(current, to)
    received, values = receive_extension(current, 4)
    numerator, denominator = fraction(values)
    expected = mul(lambda_, denominator)
    for i in unroll(0, EXT):
        assert claim[i] == numerator[i] + expected[i]
    tau = received
    copy(tau, next_point)
    next_n = interpolate(values, tau)
    next_d = interpolate(values + 2 * EXT, tau)
    return received, next_point, next_n, next_d


# The weights w_{T,j}, one after another, of the table of a record.
def interaction_weights(record, kappa, r):
    # The index of the first block has at most κ - h_T digits; the last four of κ - h_T + 4 are its place among 16.
    index = record[FIRST_LEAF] / record[SIZE]
    hint = Array(1)
    hint_witness("place", hint)
    place = hint[0]
    assert place < SLOTS
    high = (index - place) / SLOTS
    width = kappa - record[HEIGHT]
    # r behind four zeros.
    coordinates = r - EXT * PADDING
    here = eq_of_index(high, coordinates, width)
    after = eq_of_index(high + 1, coordinates, width)
    low = eq_table(coordinates + EXT * width, PADDING)
    table = Array(EXT * 2 * SLOTS)
    for i in unroll(0, SLOTS):
        mul_to(here, low + EXT * i, table + EXT * i)
        mul_to(after, low + EXT * i, table + EXT * (SLOTS + i))
    return table + EXT * place


# eq of a point and an index of `width` digits.
@inline
def eq_of_index(index, point, width):
    digits = Array(INDEX_DIGITS)
    hint_decompose_bits(index, digits, INDEX_DIGITS)
    sum: Mut = 0
    for i in unroll(0, INDEX_DIGITS):
        assert digits[i] * digits[i] == digits[i]
        sum = 2 * sum + digits[i]
    assert sum == index
    return eq_bits(digits + (INDEX_DIGITS - width), point, width)
