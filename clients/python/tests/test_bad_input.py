"""Each kind of input that cannot be meant is an exception that says so."""

from __future__ import annotations

import pytest
from conftest import SLOT

import leanvm

NO_BYTES = [None, "text", 7, 1.5, [1, 2], object()]
NO_NUMBERS = [None, "7", 1.5, b"7", True, object()]
OUT_OF_RANGE = [-1, 2**32, 2**64, 2**200]


@pytest.mark.parametrize("value", NO_BYTES)
def test_what_are_no_bytes(value, claim, aggregate):
    key = leanvm.SecretKey.generate(0, 1)
    for call in [
        lambda: leanvm.Message(value),
        lambda: leanvm.Message.from_canonical(value),
        lambda: leanvm.PublicKey(value),
        lambda: leanvm.Signature(value),
        lambda: leanvm.Program(value),
        lambda: leanvm.Claim(value, SLOT, []),
        lambda: key.sign(value, 0),
        lambda: leanvm.verify(claim, value),
        lambda: leanvm.Aggregate.from_bytes(value, claim),
    ]:
        with pytest.raises(TypeError):
            call()
    assert not key.is_used(0)


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_are_no_numbers(value, message, signed):
    for call in [
        lambda: leanvm.Claim(message, value, []),
        lambda: leanvm.SecretKey.generate(value, 1),
        lambda: leanvm.SecretKey.generate(0, value),
        lambda: leanvm.verify_signature(signed[0][0], message, value, signed[0][1]),
        lambda: leanvm.aggregate(message, value, signed),
    ]:
        with pytest.raises(TypeError):
            call()


@pytest.mark.parametrize("value", OUT_OF_RANGE)
def test_numbers_out_of_range(value, message, signed):
    for call in [
        lambda: leanvm.Claim(message, value, []),
        lambda: leanvm.SecretKey.generate(value, 1),
        lambda: leanvm.SecretKey.generate(0, value),
        lambda: leanvm.aggregate(message, value, signed),
        lambda: leanvm.aggregate(message, SLOT, signed, log_inv_rate=value),
        lambda: leanvm.run(leanvm.assemble("halt"), [value]),
    ]:
        with pytest.raises(leanvm.InvalidInput):
            call()


@pytest.mark.parametrize("length", [0, 1, 31, 33, 1207, 1209])
def test_wrong_lengths(length):
    for kind in [leanvm.PublicKey, leanvm.Signature, leanvm.Message.from_canonical]:
        with pytest.raises(leanvm.InvalidInput) as refused:
            kind(bytes(length))
        assert (refused.value.code, refused.value.name) == (1, "malformed")
        assert isinstance(refused.value, ValueError)


def test_words_that_are_no_elements():
    for kind, length in [
        (leanvm.PublicKey, 32),
        (leanvm.Signature, 1208),
        (leanvm.Message.from_canonical, 32),
    ]:
        with pytest.raises(leanvm.InvalidInput) as refused:
            kind(b"\xff" * length)
        assert (refused.value.code, refused.value.name) == (2, "element-not-canonical")


@pytest.mark.parametrize("text", ["zz", "0", "0x00", "é" * 32, "00 " * 32, "", "00" * 31])
def test_what_are_no_digits(text):
    with pytest.raises(leanvm.InvalidInput):
        leanvm.PublicKey.from_hex(text)
    for value in [None, b"00", 0]:
        with pytest.raises(TypeError):
            leanvm.PublicKey.from_hex(value)


def test_truncated_aggregates(aggregate, claim):
    data = bytes(aggregate)
    for length in [0, 1]:
        with pytest.raises(leanvm.InvalidInput) as refused:
            leanvm.verify(claim, data[:length])
        assert refused.value.code == 1
    for length in [2, 3, 10, 100, len(data) // 2, len(data) - 4, len(data) - 1]:
        with pytest.raises((leanvm.Rejected, leanvm.InvalidInput)) as refused:
            leanvm.verify(claim, data[:length])
        assert refused.value.code is not None
    for changed in [b"\0" + data[1:], data[:1] + b"\0" + data[2:]]:
        with pytest.raises(leanvm.InvalidInput):
            leanvm.verify(claim, changed)
    with pytest.raises((leanvm.Rejected, leanvm.InvalidInput)):
        leanvm.verify(claim, data + b"\0")


def test_truncated_files(tmp_path, aggregate):
    path = tmp_path / "block.agg"
    aggregate.write(path)
    data = path.read_bytes()
    for length in [0, 1, 5, 20, 60]:
        path.write_bytes(data[:length])
        with pytest.raises(leanvm.InvalidInput, match=r"block\.agg"):
            leanvm.Aggregate.read(path)
    with pytest.raises(leanvm.SystemFailure) as failure:
        leanvm.Aggregate.read(tmp_path)
    assert failure.value.errno == 21
    with pytest.raises(leanvm.SystemFailure):
        leanvm.Aggregate.read(tmp_path / "none")
    with pytest.raises(TypeError):
        leanvm.Aggregate.read(None)


def test_damaged_key_files(tmp_path):
    path = tmp_path / "alice.key"
    leanvm.SecretKey.create(path, 0, 2).close()
    data = path.read_bytes()
    for damaged in [b"", data[:-1], data[:20] + b"\1" + data[21:]]:
        path.write_bytes(damaged)
        with pytest.raises(leanvm.InvalidInput, match=r"alice\.key"):
            leanvm.SecretKey.open(path)
    with pytest.raises(leanvm.SystemFailure):
        leanvm.SecretKey.open(tmp_path / "none.key")
    with pytest.raises(leanvm.SystemFailure):
        leanvm.SecretKey.create(tmp_path / "none" / "alice.key", 0, 2)


def test_lists_of_what_does_not_belong_there(message, signed, claim, aggregate):
    key, signature = signed[0]
    for pairs in [None, 7, [None], [key], [(signature, key)], [(key,)], [(key, signature, 1)]]:
        with pytest.raises(TypeError):
            leanvm.aggregate(message, SLOT, pairs)
    for keys in [None, key, [None], [bytes(key)], [signature]]:
        with pytest.raises(TypeError):
            leanvm.Claim(message, SLOT, keys)
    for claims in [None, 7, [None], [key], "claim"]:
        with pytest.raises(TypeError):
            leanvm.verify(claims, aggregate)
    for children in [None, aggregate, [None], [bytes(aggregate)]]:
        with pytest.raises(TypeError):
            leanvm.merge(children)


def test_lists_of_wrong_numbers(message, signed, claim, aggregate):
    for call in [
        lambda: leanvm.aggregate(message, SLOT, []),
        lambda: leanvm.aggregate(message, SLOT, [signed[0], signed[0]]),
        lambda: leanvm.verify([], aggregate),
        lambda: leanvm.Aggregate.from_bytes(bytes(aggregate), [claim, claim]),
        lambda: leanvm.verify(leanvm.Claim(message, SLOT, []), aggregate),
        lambda: leanvm.verify(leanvm.Claim(message, SLOT, claim.keys[:1] * 2), aggregate),
        lambda: leanvm.merge([]),
        lambda: leanvm.merge([aggregate] * 17),
        lambda: leanvm.merge([aggregate], []),
        lambda: leanvm.merge([aggregate], arity=1),
        lambda: leanvm.merge([aggregate], arity=17),
    ]:
        with pytest.raises(leanvm.InvalidInput):
            call()


def test_too_many_claims_for_an_aggregate_of_signatures(claim, aggregate):
    with pytest.raises(leanvm.Rejected) as rejected:
        leanvm.verify([claim, leanvm.Claim(b"another", 1, claim.keys)], aggregate)
    assert (rejected.value.code, rejected.value.name) == (13, "claim-count")


def test_options_out_of_range(message, signed):
    for options in [
        {"log_inv_rate": 0},
        {"log_inv_rate": 5},
        {"threads": 0},
        {"timeout": -1.0},
        {"timeout": float("nan")},
    ]:
        with pytest.raises(leanvm.InvalidInput):
            leanvm.aggregate(message, SLOT, signed, **options)
    for options in [{"timeout": "1"}, {"cancel": True}, {"threads": "1"}]:
        with pytest.raises(TypeError):
            leanvm.aggregate(message, SLOT, signed, **options)
    leanvm.aggregate(message, SLOT, signed[:1], timeout=float("inf"), threads=10**6)
    with pytest.raises(leanvm.LimitReached, match="memory"):
        leanvm.aggregate(message, SLOT, signed, memory_limit=1 << 20)


@pytest.mark.parametrize("is_long", [False, True])
def test_a_panic_is_an_exception(is_long):
    with pytest.raises(leanvm.InternalError, match="report it: as the tests ask for"):
        leanvm._native._panics(is_long)


def test_exceptions_have_one_base():
    kinds = [
        leanvm.Cancelled,
        leanvm.InternalError,
        leanvm.InvalidInput,
        leanvm.LimitReached,
        leanvm.Refused,
        leanvm.Rejected,
        leanvm.SystemFailure,
    ]
    assert all(issubclass(kind, leanvm.LeanVMError) for kind in kinds)
