# SPEC.md section 25: a proof of a program of which only the digest and the number of instructions are known, with a
# public input of NUM_PUBLIC_PLACEHOLDER elements, 17 to 32.
#
# Private input  "rate": R_0; and what the modules ask for.
from snark_lib import *
from recursion.field import *
from recursion.sizes import *
from recursion.transcript import *
from recursion.lookup import *
from recursion.poseidon import *
from recursion.zerocheck import *
from recursion.opening import *

PROOF_VERSION = 1
MAX_LOG_INV_RATE = 4
PUBLIC_CELLS = 32
STATEMENT = 5 + TABLES - 1
MAX_LOG_INSTRUCTIONS = [10, 14, 20]  # h_0 of a program, by parameter set

VERIFIER_CONSTANTS_END = ZEROCHECK_NUMBERS_END


# The constants of all modules, from `table` on, which lies at CONSTANTS.
@inline
def fill_verifier_constants(table):
    fill_constants(table)
    fill_numbers(table + (NUMBERS - CONSTANTS))
    fill_zerocheck_numbers(table + (ZEROCHECK_NUMBERS - CONSTANTS))
    return


# 21.3 to 21.10, of a program with h_0 = `log`. What is left is a claim on it: the coordinates of a slot and of an
# instruction, and the value.
def verify_proof(digest, num_instructions, log, public):
    # Four chunks, and 18.1.
    assert PUBLIC_CELLS / 2 < NUM_PUBLIC_PLACEHOLDER
    assert NUM_PUBLIC_PLACEHOLDER <= PUBLIC_CELLS
    for i in unroll(NUM_PUBLIC_PLACEHOLDER, PUBLIC_CELLS):
        assert public[i] == 0
    # 21.3.
    sizes = Array(RECORD * TABLES)
    read_sizes(sizes, num_instructions)
    assert sizes[HEIGHT] == log
    kappa = place_leaves(sizes)
    mu, width = stack_sizes(sizes)
    # 21.5.
    rate = Array(1)
    hint_witness("rate", rate)
    assert rate[0] - 1 < MAX_LOG_INV_RATE
    statement = Array(next_multiple_of(STATEMENT, 8))
    statement[0] = PROOF_VERSION
    statement[1] = SET_PLACEHOLDER
    statement[2] = rate[0]
    statement[3] = num_instructions
    statement[4] = NUM_PUBLIC_PLACEHOLDER
    for table in unroll(1, TABLES):
        statement[4 + table] = sizes[RECORD * table + ROWS]
    start = ZERO
    state: Mut = absorb(start, statement, STATEMENT)
    state = absorb(state, digest, 8)
    state = absorb(state, public, PUBLIC_CELLS)
    # 21.6.
    state, root = receive(state, 8)
    ood_point = Array(EXT * MAX_VARIABLES)
    state = sample_point(state, ood_point, mu)
    state, ood_answer = receive_extension(state, 1)
    # 21.7.
    state, alpha, theta, slots, r, p, q = lookup(state, kappa, PUBLIC_CELLS, num_instructions - 1)
    # 21.8.
    state, hashes = poseidon(state, sizes, kappa, r)
    # 21.9.
    weights = Array(TABLES)
    for table in unroll(0, TABLES):
        if sizes[RECORD * table + PRESENT] == 1:
            weights[table] = interaction_weights(sizes + RECORD * table, kappa, r)
    state, rho, height, columns, value = zerocheck(
        state, sizes, kappa, r, p, q, alpha, theta, slots, weights, hashes
    )
    # 21.10.
    verify_opening(state, sizes, root, mu, rate[0], width, ood_point, ood_answer, columns, rho, height, public)
    return theta + EXT, rho + EXT * (height - log), value
