"""From keys to verified aggregates and merges."""

from __future__ import annotations

import copy
import os
import pickle
import stat

import pytest
from conftest import SLOT

import leanvm


def test_a_signature_verifies(message, signed):
    key, signature = signed[0]
    leanvm.verify_signature(key, message, SLOT, signature)
    leanvm.verify_signature(key, b"block 7", SLOT, signature)
    for other in [
        (signed[1][0], message, SLOT, signature),
        (key, b"block 8", SLOT, signature),
        (key, message, SLOT + 1, signature),
        (key, message, SLOT, signed[1][1]),
    ]:
        with pytest.raises(leanvm.Rejected) as rejected:
            leanvm.verify_signature(*other)
        assert (rejected.value.code, rejected.value.name) in [
            (4, "target-sum"),
            (5, "root-mismatch"),
        ]


def test_an_aggregate_verifies(aggregate, claim):
    data = bytes(aggregate)
    leanvm.verify(claim, data)
    leanvm.verify([claim], aggregate)
    aggregate.verify()
    leanvm.verify(leanvm.Claim(claim.message, SLOT, reversed(claim.keys)), data)
    assert aggregate.skipped == []
    (stated,) = aggregate.claims
    assert (stated.message, stated.slot) == (claim.message, SLOT)
    assert sorted(map(bytes, stated.keys)) == [bytes(key) for key in stated.keys]
    assert set(stated.keys) == set(claim.keys)
    again = leanvm.Aggregate.from_bytes(data, claim)
    again.verify()
    assert again.claims == aggregate.claims


def test_an_aggregate_shows_nothing_else(aggregate, claim, sign, message):
    data = bytes(aggregate)
    stranger = sign(message, SLOT, 1)[0][0]
    keys = claim.keys
    for other in [
        leanvm.Claim(message, SLOT + 1, keys),
        leanvm.Claim(b"block 8", SLOT, keys),
        leanvm.Claim(message, SLOT, keys[:2]),
        leanvm.Claim(message, SLOT, [*keys, stranger]),
        leanvm.Claim(message, SLOT, [*keys[:2], stranger]),
    ]:
        with pytest.raises(leanvm.Rejected) as rejected:
            leanvm.verify(other, data)
        assert (rejected.value.code, rejected.value.name) == (8, "proof")
        with pytest.raises(leanvm.Rejected):
            leanvm.Aggregate.from_bytes(data, other).verify()


def test_the_bytes_do_not_depend_on_order_and_threads(aggregate, message, signed):
    other = leanvm.aggregate(message, SLOT, signed[::-1], threads=1)
    assert bytes(other) == bytes(aggregate)
    smaller = leanvm.aggregate(message, SLOT, signed, log_inv_rate=2)
    assert len(bytes(smaller)) < len(bytes(aggregate))


def test_signatures_that_are_not_valid_are_named(message, signed):
    bad = [signed[0], (signed[1][0], signed[2][1]), signed[2], signed[0]]
    with pytest.raises(leanvm.Rejected) as rejected:
        leanvm.aggregate(message, SLOT, bad)
    assert rejected.value.indices == [1]
    made = leanvm.aggregate(message, SLOT, bad, skip_invalid=True)
    assert made.skipped == [1, 3]
    assert set(made.claims[0].keys) == {signed[0][0], signed[2][0]}


def test_merges(aggregate, claim, message, sign):
    other = leanvm.aggregate(b"block 8", SLOT, sign(b"block 8", SLOT, 1))
    (late,) = other.claims
    # One of the claims with some of its keys, and another claim.
    kept = leanvm.Claim(message, SLOT, claim.keys[:1])
    merged = leanvm.merge([aggregate, other], [kept, late], arity=2)
    merged.verify()
    leanvm.verify([late, kept], bytes(merged))
    assert {one.message.data for one in merged.claims} == {b"block 7", b"block 8"}
    assert leanvm.equivocations(merged.claims) == []
    for claims in [[claim, late], [kept], [kept, leanvm.Claim(b"block 9", SLOT, late.keys)]]:
        with pytest.raises(leanvm.Rejected):
            leanvm.verify(claims, merged)
    with pytest.raises(leanvm.InvalidInput, match="no child has a claim"):
        leanvm.merge([aggregate], leanvm.Claim(b"block 9", SLOT, claim.keys))
    with pytest.raises(leanvm.InvalidInput, match="no child has key"):
        leanvm.merge([aggregate], leanvm.Claim(message, SLOT, late.keys))


def test_union_and_equivocations(claim, message):
    keys = claim.keys
    first, second = leanvm.Claim(message, 1, keys[:2]), leanvm.Claim(message, 1, keys[1:])
    (united,) = leanvm.union([first, second])
    assert set(united.keys) == set(keys)
    assert united.message.data == b"block 7"
    other = leanvm.Claim(b"block 8", 1, keys[1:2])
    (found,) = leanvm.equivocations([first, other])
    assert (found.key, found.slot) == (keys[1], 1)
    assert {one.data for one in found.messages} == {b"block 7", b"block 8"}


def test_key_files(tmp_path, message):
    path = tmp_path / "alice.key"
    with leanvm.SecretKey.create(path, 0, 8) as key:
        assert key.slots == range(8)
        public = key.public_key
        signature = key.sign(message, 3)
        assert key.is_used(3)
        assert not key.is_used(4)
        with pytest.raises(leanvm.Refused, match="locked"):
            leanvm.SecretKey.open(path)
    with leanvm.SecretKey.open(str(path)) as key:
        assert key.public_key == public
        # Again, as after a crash; but no other message.
        assert key.sign(message, 3) == signature
        with pytest.raises(leanvm.Refused, match="used already"):
            key.sign(b"block 8", 3)
        with pytest.raises(leanvm.InvalidInput, match="not active"):
            key.sign(message, 8)
    with pytest.raises(leanvm.Refused, match="exists already"):
        leanvm.SecretKey.create(path, 0, 8)


def test_a_key_from_a_backup(tmp_path, message):
    path = tmp_path / "alice.key"
    leanvm.SecretKey.create(path, 0, 8).close()
    backup = path.read_bytes()
    with leanvm.SecretKey.open(path) as key:
        key.sign(message, 3)
    path.write_bytes(backup)
    with pytest.raises(leanvm.Refused, match="older than the record"):
        leanvm.SecretKey.open(path)
    with pytest.raises(leanvm.InvalidInput):
        leanvm.SecretKey.recover(path, 3)
    with leanvm.SecretKey.recover(path, 4) as key:
        assert key.is_used(3)
        key.sign(message, 4)


def test_a_closed_key(message):
    key = leanvm.SecretKey.generate(0, 4)
    with key as same:
        assert same is key
    key.close()
    for call in [lambda: key.sign(message, 1), lambda: key.is_used(1)]:
        with pytest.raises(leanvm.InvalidInput, match="closed"):
            call()
    assert key.slots == range(4)
    assert len(bytes(key.public_key)) == 32


def test_aggregate_files(tmp_path, aggregate, claim):
    path = tmp_path / "block.agg"
    path.write_bytes(b"old")
    aggregate.write(path)
    read = leanvm.Aggregate.read(path)
    read.verify()
    assert read.claims == aggregate.claims
    assert read.claims[0].message.data == b"block 7"
    assert bytes(read) == bytes(aggregate)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert [entry.name for entry in tmp_path.iterdir()] == ["block.agg"]
    # A file has the bytes of messages.
    unknown = leanvm.Message.from_canonical(claim.message.canonical)
    unknown = leanvm.Claim(unknown, SLOT, claim.keys)
    with pytest.raises(leanvm.InvalidInput, match="bytes of messages"):
        leanvm.Aggregate.from_bytes(bytes(aggregate), unknown).write(path)


def test_what_cannot_be_written(tmp_path, aggregate):
    path = tmp_path / "nowhere" / "block.agg"
    with pytest.raises(leanvm.SystemFailure) as failure:
        aggregate.write(path)
    assert failure.value.errno == 2
    assert isinstance(failure.value, OSError)


def test_values_are_values(message, signed):
    key, signature = signed[0]
    assert leanvm.PublicKey(bytes(key)) == key
    assert leanvm.PublicKey.from_hex(key.hex().upper()) == key
    assert leanvm.Signature(bytes(signature)) == signature
    assert leanvm.Signature.from_hex(signature.hex()) == signature
    assert key != signature
    assert len({key, leanvm.PublicKey(bytes(key)), signed[1][0]}) == 2
    assert message == leanvm.Message.from_canonical(message.canonical)
    assert hash(message) == hash(leanvm.Message(b"block 7"))
    for value in signed[0]:
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value
        assert bytes(value).hex()[:16] in repr(value)
    for secret in [leanvm.SecretKey.generate(0, 1)]:
        with pytest.raises(TypeError):
            pickle.dumps(secret)
        with pytest.raises(TypeError):
            copy.copy(secret)
