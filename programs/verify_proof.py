# verify_proof: there is a proof of a program, of which only the digest and the number of instructions are known, with a
# public input of NUM_PUBLIC_PLACEHOLDER elements (17 to 32) at the parameter set SET_PLACEHOLDER (SPEC.md section 25).
#
# Public input   digest of the program (8), [number of instructions, 0, 0, 0, 0, 0, 0, 0],
#                digest of the 32 public cells of the proof and the claim on the program (8)
# Private input  "public": the 32 public cells; and what the modules of recursion/ ask for, in the order of the steps
# Fails          if the verifier of SPEC.md section 21 rejects, whatever the program is with which the claim holds.
from snark_lib import *
from recursion.verifier import *
from recursion.program import *

LOG_INSTRUCTIONS = LOG_INSTRUCTIONS_PLACEHOLDER
CLAIM = EXT * (SLOT_VARIABLES + LOG_INSTRUCTIONS + 1)

INSTRUCTIONS = 8
STATEMENT_DIGEST = 16


def main():
    public = 0
    constants = Array(VERIFIER_CONSTANTS_END - CONSTANTS)
    # Where the constants lie is no assumption: the modules use the number, this compares it.
    assert constants == CONSTANTS
    fill_verifier_constants(constants)
    assert LOG_INSTRUCTIONS <= MAX_LOG_INSTRUCTIONS[SET]
    for i in unroll(INSTRUCTIONS + 1, STATEMENT_DIGEST):
        assert public[i] == 0
    cells = Array(PUBLIC_CELLS)
    hint_witness("public", cells)
    slot, own, value = verify_proof(public, public[INSTRUCTIONS], LOG_INSTRUCTIONS, cells)
    claim = program_claim(slot, own, value, 0, 0, LOG_INSTRUCTIONS, LOG_INSTRUCTIONS)
    digest: Mut = hash_chunks(ZERO, cells, PUBLIC_CELLS / 8)
    digest = hash_chunks(digest, claim, div_ceil(CLAIM, 8))
    for i in unroll(0, 8):
        assert digest[i] == public[STATEMENT_DIGEST + i], "another statement"
    return
