# merge: each key of each claim of a list stands in a claim, of the same slot and message, of an aggregate or a merge of
# which a proof is verified here (SPEC.md section 26).
#
# A claim is a record: [number of keys, slot high, slot low, 0, 0, 0, 0, 0], message (8), hash of the list of keys (8). It
# is the public input of leanxmss42, and the claims of the proofs that are verified, the children, stand one after another.
#
# Public input   digest of the claims (8), digest of this program (8), digest of a claim on both programs (8)
# Private input  "numbers": of claims, of claims of children, of children; "records": the claims of the children;
#                for each claim "claim": its record without the hash (16), "sources": the number of claims of children
#                that have its keys, and that of all their keys; for each "source": which it is, and "keys" (8 each);
#                "pieces": the number of pieces of a list that is hashed, for each "piece": its number of keys, log2 of
#                it and, in a list of a claim, its first key; there, "single": the places of keys that are no run;
#                for each child "child": 0 for an aggregate, 1 for a merge, and its number of claims; for a merge
#                "program_claim": its claim on the programs; and what the modules of recursion/ ask for
# Fails          if a proof is refused, whatever the programs are with which the claim holds, or if a key of a claim is
#                in no claim of a child.
#
# It verifies proofs of leanxmss42 and of itself, whose digest is public. Whoever relies on a proof puts the right digest
# there, which every child that is a merge then has too, and checks that the claim holds for both programs.
from snark_lib import *
from recursion.verifier import *
from recursion.program import *

MAX_CHILDREN = 16
MAX_LOG_PIECE = 16  # of a number of keys
SINGLE = MAX_LOG_PIECE + 1  # for the log2: a piece of this many keys, each at a place of its own
SINGLE_KEYS = 8

# Public input
OWN_DIGEST = 8
CLAIM_DIGEST = 16

# A record
CLAIM_RECORD = 24
SLOT_HIGH = 1
SLOT_LOW = 2
MESSAGE = 8
LIST_HASH = 16

# The programs
LEANXMSS42 = 0
MERGE = 1
INSTRUCTIONS = [LEANXMSS42_INSTRUCTIONS_PLACEHOLDER, MERGE_INSTRUCTIONS_PLACEHOLDER]
LEANXMSS42_DIGEST = LEANXMSS42_DIGEST_PLACEHOLDER
LOGS = [log2_ceil(INSTRUCTIONS[LEANXMSS42]), log2_ceil(INSTRUCTIONS[MERGE])]
MOST = LOGS[MERGE]
VARIABLES = 1 + SLOT_VARIABLES + MOST
CLAIM_CHUNKS = div_ceil(EXT * (VARIABLES + 1), 8)


def main():
    public = 0
    constants = Array(VERIFIER_CONSTANTS_END - CONSTANTS)
    # Where the constants lie is no assumption: the modules use the number, this compares it.
    assert constants == CONSTANTS
    fill_verifier_constants(constants)
    assert MOST <= MAX_LOG_INSTRUCTIONS[SET]
    digest_of_leanxmss42 = Array(8)
    for i in unroll(0, 8):
        digest_of_leanxmss42[i] = LEANXMSS42_DIGEST[i]
    numbers = Array(3)
    hint_witness("numbers", numbers)
    records = Array(CLAIM_RECORD * numbers[1])
    hint_witness("records", records)

    claims: Mut = chunk_of(numbers[0])
    for i in range(0, numbers[0]):
        claims = shown_claim(claims, records, numbers[1])
    for i in unroll(0, 8):
        assert claims[i] == public[i], "other claims"

    assert numbers[2] - 1 < MAX_CHILDREN, "no child, or too many"
    program_claims = Array(2 * MAX_CHILDREN)
    count: Mut = 0
    next_record: Mut = records
    for i in range(0, numbers[2]):
        next_record, count = child(next_record, digest_of_leanxmss42, program_claims, count)
    assert next_record == records + CLAIM_RECORD * numbers[1]
    left = combine_program_claims(program_claims, count, VARIABLES)
    digest = hash_chunks(ZERO, left, CLAIM_CHUNKS)
    for i in unroll(0, 8):
        assert digest[i] == public[CLAIM_DIGEST + i], "another claim on the programs"
    return


# [n, 0, 0, 0, 0, 0, 0, 0]
@inline
def chunk_of(n):
    chunk = Array(8)
    chunk[0] = n
    for i in unroll(1, 8):
        chunk[i] = 0
    return chunk


# A claim: the digest of the claims so far, with it. Its keys are chosen from those of claims of children.
def shown_claim(digest, records, num_records):
    claim = Array(CLAIM_RECORD)
    hint_witness("claim", claim)
    sources = Array(2)
    hint_witness("sources", sources)
    keys = Array(8 * sources[1])
    end: Mut = keys
    for i in range(0, sources[0]):
        end = source(claim, end, records, num_records)
    assert end == keys + 8 * sources[1]
    hash_choice(keys, sources[1], claim)
    return hash_chunks(digest, claim, CLAIM_RECORD / 8)


# The keys of a claim of a child, of the slot and the message of `claim`, are written to `keys`; the place behind them.
def source(claim, keys, records, num_records):
    index = Array(1)
    hint_witness("source", index)
    assert index[0] < num_records
    record = records + CLAIM_RECORD * index[0]
    assert record[SLOT_HIGH] == claim[SLOT_HIGH]
    assert record[SLOT_LOW] == claim[SLOT_LOW]
    for i in unroll(MESSAGE, LIST_HASH):
        assert record[i] == claim[i]
    hint_witness("keys", keys)
    # 24.2: the whole list, piece by piece.
    pieces = Array(1)
    hint_witness("pieces", pieces)
    list: Mut = chunk_of(record[0])
    end: Mut = keys
    for i in range(0, pieces[0]):
        piece = Array(2)
        hint_witness("piece", piece)
        list = hash_piece(list, end, piece)
        end += 8 * piece[0]
    # The hash binds the keys and the number in the record, whatever that is.
    for i in unroll(0, 8):
        assert list[i] == record[LIST_HASH + i]
    return end


# The hash of the list of `claim`, each key being one of n from `keys` on, is written to it.
def hash_choice(keys, n, claim):
    last = 8 * n - 8
    pieces = Array(1)
    hint_witness("pieces", pieces)
    list: Mut = chunk_of(claim[0])
    for i in range(0, pieces[0]):
        piece = Array(3)
        hint_witness("piece", piece)
        if piece[1] == SINGLE:
            list = hash_single_keys(list, keys, last)
        else:
            assert piece[2] <= n - piece[0]
            list = hash_piece(list, keys + 8 * piece[2], piece)
    for i in unroll(0, 8):
        claim[LIST_HASH + i] = list[i]
    return


# The hash of a list with SINGLE_KEYS further keys, each at most `last` cells behind `keys`. That a key begins at a
# multiple of 8 is what the hash instruction asks for.
def hash_single_keys(list, keys, last):
    places = Array(SINGLE_KEYS)
    hint_witness("single", places)
    current: Mut = list
    for i in unroll(0, SINGLE_KEYS):
        assert places[i] <= last
        next = Array(8)
        poseidon2_16(current, keys + places[i], next)
        current = next
    return current


# The hash of a list with 2^k further keys, of which a piece tells the number and k.
def hash_piece(list, keys, piece):
    return match_range(piece[1], range(0, MAX_LOG_PIECE + 1), lambda k: hash_keys(list, keys, piece, k))


@inline
def hash_keys(list, keys, piece, k: Const):
    assert piece[0] == 2 ** k
    return hash_chunks(list, keys, 2 ** k)


# A child, of which the claims stand from `records` on, is verified, and what it claims of the programs is noted. The
# place behind its claims, and the number of claims on the programs.
def child(records, digest_of_leanxmss42, program_claims, count):
    kind = Array(2)
    hint_witness("child", kind)
    if kind[0] == LEANXMSS42:
        cells = Array(PUBLIC_CELLS)
        for i in unroll(0, CLAIM_RECORD):
            cells[i] = records[i]
        for i in unroll(CLAIM_RECORD, PUBLIC_CELLS):
            cells[i] = 0
        program_claims[count] = verify(LEANXMSS42, digest_of_leanxmss42, cells)
        return records + CLAIM_RECORD, count + 1
    claims: Mut = chunk_of(kind[1])
    end: Mut = records
    for i in range(0, kind[1]):
        claims = hash_chunks(claims, end, CLAIM_RECORD / 8)
        end += CLAIM_RECORD
    its_claim = Array(8 * CLAIM_CHUNKS)
    hint_witness("program_claim", its_claim)
    for i in unroll(EXT * (VARIABLES + 1), 8 * CLAIM_CHUNKS):
        its_claim[i] = 0
    claim_digest = hash_chunks(ZERO, its_claim, CLAIM_CHUNKS)
    cells = Array(PUBLIC_CELLS)
    public = 0
    for i in unroll(0, 8):
        cells[i] = claims[i]
        cells[OWN_DIGEST + i] = public[OWN_DIGEST + i]
        cells[CLAIM_DIGEST + i] = claim_digest[i]
        cells[CLAIM_RECORD + i] = 0
    program_claims[count] = its_claim
    program_claims[count + 1] = verify(MERGE, public + OWN_DIGEST, cells)
    return end, count + 2


# The claim on the programs that a proof of one of them leaves.
@inline
def verify(number: Const, digest, cells):
    slot, own, value = verify_proof(digest, INSTRUCTIONS[number], LOGS[number], cells)
    return program_claim(slot, own, value, 1, number, LOGS[number], MOST)
