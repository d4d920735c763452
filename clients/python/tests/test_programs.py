"""Guest programs: compiled, run, proved, verified."""

from __future__ import annotations

import numpy
import pytest

import leanvm

SQUARE = """
def main():
    pub = 0
    print(pub[1])
    assert pub[1] == pub[0] * pub[0]
    return
"""
HINTED = """
def main():
    pub = 0
    root = Array(1)
    hint_witness("root", root)
    assert root[0] * root[0] == pub[0]
    return
"""


@pytest.fixture(scope="module")
def square():
    return leanvm.compile(SQUARE)


def test_a_proof_verifies(square):
    execution = leanvm.run(square, [5, 25])
    assert execution.printed == [25]
    assert execution.public == [5, 25]
    assert execution.cycles > 0
    proof = leanvm.prove(execution)
    leanvm.verify_program(square, [5, 25], proof)
    leanvm.verify_program(square, numpy.array([5, 25], dtype=numpy.uint64), proof)
    for public in [[5, 26], [5], [], [5, 25, 0], [5, 2**31]]:
        with pytest.raises(leanvm.Rejected) as rejected:
            leanvm.verify_program(square, public, proof)
        assert rejected.value.code
    with pytest.raises(leanvm.Rejected):
        leanvm.verify_program(leanvm.assemble("halt"), [5, 25], proof)
    for damaged in [b"", proof[:-1], proof[:100], proof + b"\0"]:
        with pytest.raises(leanvm.Rejected):
            leanvm.verify_program(square, [5, 25], damaged)
    assert len(leanvm.prove(execution, log_inv_rate=3, threads=1)) < len(proof)


def test_a_run_that_is_rejected_says_what_it_printed(square):
    with pytest.raises(leanvm.Rejected) as rejected:
        leanvm.run(square, [5, 26])
    assert (rejected.value.code, rejected.value.name) == (20, "relation-violated")
    assert rejected.value.printed == [26]
    with pytest.raises(leanvm.Rejected) as rejected:
        leanvm.run(square, [5, 25], max_cycles=1)
    assert rejected.value.name == "cycle-limit"


def test_private_lists():
    program = leanvm.compile(HINTED)
    leanvm.run(program, [49], {"root": [[7]]})
    with pytest.raises(leanvm.Rejected):
        leanvm.run(program, [49], {"root": [[8]]})
    with pytest.raises(leanvm.Rejected):
        leanvm.run(program, [49])
    for private in [7, {"root": 7}, {"root": [7]}, {7: [[7]]}, {"root": ["7"]}]:
        with pytest.raises(TypeError):
            leanvm.run(program, [49], private)


def test_arrays(square):
    execution = leanvm.run(square, [5, 25])
    memory = execution.memory()
    assert memory.dtype == numpy.uint32
    assert memory[:2].tolist() == [5, 25]
    steps = execution.steps()
    assert steps.shape == (execution.cycles, 2)
    assert steps[0].tolist() == [0, 8]
    trace = execution.trace()
    assert trace["MUL"].shape[1] == 1
    rows = {name: table.shape[1] for name, table in trace.items()}
    instructions = sum(rows.get(name, 0) for name in ["ADD", "MUL", "DEREF", "JUMP"])
    assert instructions == execution.cycles


def test_programs_are_values(square):
    again = leanvm.Program(bytes(square))
    assert again == square
    assert again.digest == square.digest
    assert leanvm.assemble(str(square)) == square
    for data in [b"", bytes(square)[:-1], bytes(square) + b"\0", b"\xff" * 64]:
        with pytest.raises(leanvm.InvalidInput) as refused:
            leanvm.Program(data)
        assert refused.value.code


def test_texts_that_are_no_programs():
    with pytest.raises(leanvm.InvalidInput, match="does not compile"):
        leanvm.compile("def main(:")
    with pytest.raises(leanvm.InvalidInput) as refused:
        leanvm.assemble("no instruction")
    assert refused.value.name == "assembly-syntax"
    for text in [None, b"halt", 7]:
        with pytest.raises(TypeError):
            leanvm.compile(text)
        with pytest.raises(TypeError):
            leanvm.assemble(text)
