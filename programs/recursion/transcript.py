# SPEC.md section 10, the verifier's half, and section 12.
#
# The state is a pointer to 16 cells. Behind an absorption its first cells are the next squeeze, so the challenge is the
# state itself; for another challenge, next_squeeze comes first.
#
# Private input  "proof": the sent lists in order, but nonces; "nonce": the nonces in order; "grind": of each nonce
#                the element that is squeezed, without its zeros and what is above 24 bits, in parts of 12 bits.
from snark_lib import *
from recursion.field import *

TWO_ADICITY = 24  # p - 1 is 127 * 2^24; the low bits of an element, at most, that are used
PART_BITS = 12  # of a part of an element that is hinted


@inline
def permuted(rate, capacity):
    next = Array(16)
    poseidon2_16_permute(rate, capacity, next)
    return next


@inline
def next_squeeze(state):
    next = permuted(state, state + 8)
    return next


# Absorbs n cells; the last chunk of `list` is made full by zeros.
@inline
def absorb(state, list, n: Const):
    zeros_to(list + n, next_multiple_of(n, 8) - n)
    current: Mut = state
    for i in unroll(0, div_ceil(n, 8)):
        current = permuted(list + 8 * i, current + 8)
    return current


# A digest with n chunks.
@inline
def hash_chunks(digest, chunks, n: Const):
    next = Array(8)
    poseidon16_sponge(digest, chunks, 4, next, n)
    return next


@inline
def receive(state, n: Const):
    list = Array(next_multiple_of(n, 8))
    hint_witness("proof", list)
    next = absorb(state, list, n)
    return next, list


@inline
def receive_extension(state, n: Const):
    next, list = receive(state, EXT * n)
    return next, list


# A point of n coordinates, n at least 1, is written to `point`; the first is the present squeeze.
def sample_point(state, point, n):
    copy(state, point)
    current: Mut = state
    for i in range(1, n):
        current = next_squeeze(current)
        copy(current, point + EXT * i)
    return current


# 10.4, 10.5: bits in 0..=24; nothing if they are 0. The next squeeze.
def grind(state, bits):
    if bits == 0:
        return state
    nonce = Array(8)
    hint_witness("nonce", nonce)
    absorbed = absorb(state, nonce, 1)
    # The 24 low bits of the squeezed element, but the zeros at their end: 12, and those above.
    parts = Array(2)
    hint_witness("grind", parts)
    low = match_range(bits, range(1, TWO_ADICITY + 1), lambda n: shifted(parts, n))
    check_high(absorbed[0], low, TWO_ADICITY)
    next = next_squeeze(absorbed)
    return next


# 2^zeros * parts, of 24 bits.
@inline
def shifted(parts, zeros: Const):
    size = TWO_ADICITY - zeros
    upper = saturating_sub(size, PART_BITS)
    assert parts[0] < 2 ** (size - upper)
    assert parts[1] < 2 ** upper
    return 2 ** zeros * parts[0] + 2 ** (zeros + PART_BITS) * parts[1]


# An element is low + 2^shift * high, where low < 2^shift is known: the canonical form, of which high is at most
# (p - 1) / 2^shift, and where it is that, low is 0.
@inline
def check_high(element, low, shift: Const):
    most = 127 * 2 ** (TWO_ADICITY - shift)
    high = (element - low) * (1 / 2 ** shift)
    assert high <= most
    distance = most - high
    inverse = Array(1)
    hint_inverse(distance, inverse)
    assert distance * (low * inverse[0]) == low
    return


# A claim before a weighted round of degree d: an element with room for d + 1 further ones behind it.
@inline
def weighted_claim(claim, d: Const):
    room = Array(EXT * (d + 2))
    copy(claim, room)
    return room


# 12.2, 12.4 of a weighted round with the coefficients c_1 to c_d and the weight y, of a weighted claim and to one.
@inline
def weighted_round(claim, coefficients, challenge, y, d: Const):
    power: Mut = challenge
    for k in unroll(1, d + 1):
        mul_to(coefficients + EXT * (k - 1), power, claim + EXT * k)
        if k < d:
            power = mul(power, challenge)
    sum = dot_base(ONES, coefficients, d)
    mul_to(y, sum, claim + EXT * (d + 1))
    next = Array(EXT * (d + 2))
    dot_product_be(ROUND_FACTORS + 8 * (d - 2), claim, next, d + 2)
    return next


# 12.2, 12.4 of a plain round.
def plain_round(claim, coefficients, challenge, d: Const):
    factors = Array(EXT * d)
    power: Mut = challenge
    for k in unroll(0, d):
        if k > 0:
            power = mul(power, challenge)
        factor = factors + EXT * k
        factor[0] = power[0] - 1 / 2
        for i in unroll(1, EXT):
            factor[i] = power[i]
    rest = dot(coefficients, factors, d)
    next = Array(EXT)
    for i in unroll(0, EXT):
        next[i] = claim[i] / 2 + rest[i]
    return next
