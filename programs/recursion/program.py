# SPEC.md section 25: many claims on a program become one.
#
# A claim is a pointer to its point and, behind it, its value.
#
# Private input  "program_value": the value of the claim that is left; "proof": the rounds.
from snark_lib import *
from recursion.field import *
from recursion.transcript import *


# 25.3 to 25.6, of `count` pointers to claims. A claim that does not hold if one of them does not.
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
    combined = Array(EXT * (variables + 1))
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
    return combined


# The claim may lie anywhere, so it is absorbed from a copy.
def absorb_claim(state, claim, variables: Const):
    list = Array(next_multiple_of(EXT * (variables + 1), 8))
    for i in unroll(0, EXT * (variables + 1)):
        list[i] = claim[i]
    return absorb(state, list, EXT * (variables + 1))
