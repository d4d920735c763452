"""What the tests share: keys are made once, as are an aggregate and a long proof."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import leanvm

SLOT = 7
Signed = list[tuple[leanvm.PublicKey, leanvm.Signature]]

# Doubles its counter so often that proving takes seconds with any build.
LOOP = """
def main():
    pub = 0
    for i in range(0, pub[0]):
        square(i)
    return


def square(x):
    y = x * x
    assert y == x * x
    return
"""


@pytest.fixture(scope="session")
def message() -> leanvm.Message:
    return leanvm.Message(b"block 7")


@pytest.fixture(scope="session")
def sign() -> Callable[[bytes | leanvm.Message, int, int], Signed]:
    """Signs with as many new keys as are asked for."""

    def signed(message: bytes | leanvm.Message, slot: int, count: int) -> Signed:
        made = []
        for _ in range(count):
            with leanvm.SecretKey.generate(slot, 1) as key:
                made.append((key.public_key, key.sign(message, slot)))
        return made

    return signed


@pytest.fixture(scope="session")
def signed(message: leanvm.Message, sign: Callable[..., Signed]) -> Signed:
    return sign(message, SLOT, 3)


@pytest.fixture(scope="session")
def aggregate(message: leanvm.Message, signed: Signed) -> leanvm.Aggregate:
    return leanvm.aggregate(message, SLOT, signed)


@pytest.fixture(scope="session")
def claim(message: leanvm.Message, signed: Signed) -> leanvm.Claim:
    return leanvm.Claim(message, SLOT, [key for key, _ in signed])


@pytest.fixture(scope="session")
def long_run() -> leanvm.Execution:
    """A run whose proof takes seconds."""
    return leanvm.run(leanvm.compile(LOOP), [1 << 16])
