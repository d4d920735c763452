# SPEC.md section 25: claims on programs, and how many become one.
#
# A claim is a pointer to its point and, behind it, its value.
#
# Private input  "program_value": the value of the claim that is left; "proof": the rounds.
from snark_lib import *
from recursion.field import *
from recursion.transcript import *

SLOT_VARIABLES = 3


# The claim on 2^bits programs, of which the largest has h = `most`, from one on program `number` of h_0 = `log` alone,
# of which these are the coordinates of a slot and of an instruction. In whole chunks.
def program_claim(slot, own, value, bits: Const, number: Const, log: Const, most: Const):
    claim = Array(next_multiple_of(EXT * (bits + SLOT_VARIABLES + most + 1), 8))
    if bits == 1:
        claim[0] = number
        for i in unroll(1, EXT):
            claim[i] = 0
    slot_place = EXT * bits
    own_place = EXT * (bits + SLOT_VARIABLES + most - log)
    value_place = EXT * (bits + SLOT_VARIABLES + most)
    for i in unroll(0, EXT * SLOT_VARIABLES):
        claim[slot_place + i] = slot[i]
    for i in unroll(slot_place + EXT * SLOT_VARIABLES, own_place):
        claim[i] = 0
    for i in unroll(0, EXT * log):
        claim[own_place + i] = own[i]
    copy(value, claim + value_place)
    for i in unroll(value_place + EXT, next_multiple_of(value_place + EXT, 8)):
        claim[i] = 0
    return claim



# 25.3 to 25.6, of `count` pointers to claims. A claim, in whole chunks, that does not hold if one of them does not.
def combine_program_claims(claims, count, variables: Const):
    # 25.3.
    state: Mut = ZERO
    for i in range(0, count):
        state = absorb_claim(state, claims[i], variables)
    # 25.4.
    zeta = state
    claim: Mut = ZERO
    power: Mut = ONE
    for i in range(0, count):
        claim = add(claim, mul(power, claims[i] + EXT * variables))
        power = mul(power, zeta)
    # 25.5.
    combined = Array(next_multiple_of(EXT * (variables + 1), 8))
    for i in range(0, variables):
        state, coefficients = receive_extension(state, 2)
        claim = plain_round(claim, coefficients, state, 2)
        copy(state, combined + EXT * i)
    # 25.6.
    value = combined + EXT * variables
    hint_witness("program_value", value)
    weight: Mut = ZERO
    power = ONE
    for i in range(0, count):
        equal = eq_of(claims[i], combined, variables)
        weight = add(weight, mul(power, equal))
        power = mul(power, zeta)
    assert_same(mul(weight, value), claim)
    for i in unroll(EXT * (variables + 1), next_multiple_of(EXT * (variables + 1), 8)):
        combined[i] = 0
    return combined


# The claim may lie anywhere, so it is absorbed from a copy.
def absorb_claim(state, claim, variables: Const):
    list = Array(next_multiple_of(EXT * (variables + 1), 8))
    for i in unroll(0, EXT * (variables + 1)):
        list[i] = claim[i]
    return absorb(state, list, EXT * (variables + 1))
