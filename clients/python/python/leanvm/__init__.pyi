from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import SupportsIndex, final

import numpy
from numpy.typing import NDArray
from typing_extensions import Self

from leanvm._errors import Cancelled as Cancelled
from leanvm._errors import InternalError as InternalError
from leanvm._errors import InvalidInput as InvalidInput
from leanvm._errors import LeanVMError as LeanVMError
from leanvm._errors import LimitReached as LimitReached
from leanvm._errors import Refused as Refused
from leanvm._errors import Rejected as Rejected
from leanvm._errors import SystemFailure as SystemFailure

__version__: str
__all__ = [
    "Cancelled",
    "InternalError",
    "InvalidInput",
    "LeanVMError",
    "LimitReached",
    "Refused",
    "Rejected",
    "SystemFailure",
    "Aggregate",
    "Cancel",
    "Claim",
    "Equivocation",
    "Execution",
    "Message",
    "Program",
    "PublicKey",
    "SecretKey",
    "Signature",
    "aggregate",
    "assemble",
    "compile",
    "equivocations",
    "level",
    "merge",
    "prove",
    "run",
    "union",
    "verify",
    "verify_program",
    "verify_signature",
]

def level() -> tuple[str, str]:
    """What this build is for and the vector instructions in use: ("x86-64-v4", "AVX-512")."""

@final
class Message:
    """What is signed: a hash of any bytes, fewer than 2^25. Equal by `canonical`."""

    def __new__(cls, data: bytes) -> Self: ...
    @staticmethod
    def from_canonical(data: bytes) -> Message:
        """The message of its 32 canonical bytes; what it is a hash of is not known."""

    @property
    def canonical(self) -> bytes: ...
    @property
    def data(self) -> bytes | None:
        """The bytes that it is a hash of, if they are known."""

@final
class PublicKey:
    """A public key of 32 bytes."""

    def __new__(cls, data: bytes) -> Self: ...
    @staticmethod
    def from_hex(text: str) -> PublicKey: ...
    def hex(self) -> str: ...
    def __bytes__(self) -> bytes: ...

@final
class Signature:
    """A signature of 1208 bytes."""

    def __new__(cls, data: bytes) -> Self: ...
    @staticmethod
    def from_hex(text: str) -> Signature: ...
    def hex(self) -> str: ...
    def __bytes__(self) -> bytes: ...

@final
class SecretKey:
    """A key that signs, by one thread at a time, one message for each of its slots.

    It signs the same message for a slot again, and refuses another. Its secret never leaves it but
    for its file. A copy of a process (`fork`) does not sign with it.
    """

    @staticmethod
    def generate(first: SupportsIndex, count: SupportsIndex) -> SecretKey:
        """A new key for the slots `first` to `first + count - 1`, in memory alone."""

    @staticmethod
    def create(
        path: str | PathLike[str], first: SupportsIndex, count: SupportsIndex
    ) -> SecretKey:
        """A new key in a new file, which is locked until the key is closed."""

    @staticmethod
    def open(path: str | PathLike[str]) -> SecretKey: ...
    @staticmethod
    def recover(path: str | PathLike[str], skip_to: SupportsIndex) -> SecretKey:
        """Opens a file that is older than its record: all slots below `skip_to` count as used."""

    @property
    def public_key(self) -> PublicKey: ...
    @property
    def slots(self) -> range: ...
    def is_used(self, slot: SupportsIndex) -> bool: ...
    def sign(self, message: Message | bytes, slot: SupportsIndex) -> Signature:
        """Signs. A key of a file records slot and message on the disk first."""

    def close(self) -> None:
        """Overwrites the secret and unlocks the file; the public key stays."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Claim:
    """That each of some keys has signed a message for a slot. The order of the keys counts for
    equality alone."""

    def __new__(
        cls, message: Message | bytes, slot: SupportsIndex, keys: Iterable[PublicKey]
    ) -> Self: ...
    @property
    def message(self) -> Message: ...
    @property
    def slot(self) -> int: ...
    @property
    def keys(self) -> list[PublicKey]: ...

@final
class Equivocation:
    """A key that has signed several messages for one slot."""

    @property
    def key(self) -> PublicKey: ...
    @property
    def slot(self) -> int: ...
    @property
    def messages(self) -> list[Message]: ...

@final
class Aggregate:
    """One proof of signatures, or of aggregates, with the claims that it states.

    The bytes are the proof alone. A file has the claims too.
    """

    @staticmethod
    def from_bytes(data: bytes, claims: Claim | Iterable[Claim]) -> Aggregate:
        """The aggregate of bytes, with the claims that they are said to state; not verified."""

    @staticmethod
    def read(path: str | PathLike[str]) -> Aggregate:
        """Reads an aggregate file, also of the command `leanvm`; not verified."""

    def write(self, path: str | PathLike[str]) -> None:
        """Writes an aggregate file, whole or not at all, in place of one that is there."""

    def __bytes__(self) -> bytes: ...
    @property
    def claims(self) -> list[Claim]:
        """By rising slot, then message; the keys of each in rising order."""

    @property
    def skipped(self) -> list[int]:
        """Indices of signatures that `aggregate` was given and left out."""

    def verify(self) -> None:
        """Verifies that it shows its own claims; `Rejected` if not."""

@final
class Cancel:
    """A flag by which another thread cancels work."""

    def __new__(cls) -> Self: ...
    def set(self) -> None: ...
    def is_set(self) -> bool: ...

def verify_signature(
    key: PublicKey, message: Message | bytes, slot: SupportsIndex, signature: Signature
) -> None:
    """Verifies a signature; `Rejected` if it is not one."""

def aggregate(
    message: Message | bytes,
    slot: SupportsIndex,
    signatures: Iterable[tuple[PublicKey, Signature]],
    *,
    log_inv_rate: SupportsIndex = 1,
    threads: SupportsIndex | None = None,
    skip_invalid: bool = False,
    timeout: float | None = None,
    memory_limit: SupportsIndex | None = None,
    cancel: Cancel | None = None,
) -> Aggregate:
    """Makes one proof of many signatures of one message for one slot.

    `log_inv_rate` is 1 to 4: 1 is fastest, 4 gives the smallest aggregates. With `skip_invalid`
    signatures that are not valid are left out, and `Aggregate.skipped` names them; else `Rejected`
    names them all. `timeout` is in seconds, `memory_limit` in bytes.
    """

def merge(
    children: Iterable[Aggregate],
    keep: Claim | Iterable[Claim] | None = None,
    *,
    arity: SupportsIndex | None = None,
    log_inv_rate: SupportsIndex = 1,
    threads: SupportsIndex | None = None,
    timeout: float | None = None,
    cancel: Cancel | None = None,
) -> Aggregate:
    """Makes one proof of the claims of up to 16 aggregates, which are verified first.

    With `keep`, of these claims alone. With `arity`, 2 to 16, there may be any number of children,
    which are merged so many at a time, level by level.
    """

def verify(claims: Claim | Iterable[Claim], aggregate: Aggregate | bytes) -> None:
    """Verifies that each key of each claim has signed; `Rejected` if that is not shown.

    The claims are those given here; what an `Aggregate` states itself does not count.
    """

def union(claims: Claim | Iterable[Claim]) -> list[Claim]:
    """All claims, those of one slot and message united."""

def equivocations(claims: Claim | Iterable[Claim]) -> list[Equivocation]:
    """The keys that stand in claims of one slot and several messages."""

@final
class Program:
    """A guest program. `str` of it is assembly, `bytes` of it a binary program."""

    def __new__(cls, data: bytes) -> Self: ...
    def __bytes__(self) -> bytes: ...
    @property
    def digest(self) -> list[int]: ...

@final
class Execution:
    """A run of a program to its end. The arrays are of unsigned 32-bit words and need numpy."""

    @property
    def cycles(self) -> int: ...
    @property
    def used_cells(self) -> int: ...
    @property
    def public(self) -> list[int]: ...
    @property
    def printed(self) -> list[int]: ...
    def memory(self) -> NDArray[numpy.uint32]:
        """The cells of the memory; undefined ones are 0."""

    def steps(self) -> NDArray[numpy.uint32]:
        """For each cycle a row: the index of its instruction and its frame pointer."""

    def trace(self) -> dict[str, NDArray[numpy.uint32]]:
        """The committed columns of each table that is not empty, by its name in SPEC.md, section
        9: row i of an array is column i of the table."""

def compile(source: str) -> Program:
    """Compiles a text of the guest language, which imports nothing and has no placeholders."""

def assemble(source: str) -> Program:
    """Assembles a text of assembly."""

def run(
    program: Program,
    public: Iterable[SupportsIndex] = (),
    private: Mapping[str, Sequence[Iterable[SupportsIndex]]] | None = None,
    *,
    max_cycles: SupportsIndex = 16777216,
    max_cells: SupportsIndex = 67108864,
    timeout: float | None = None,
    cancel: Cancel | None = None,
) -> Execution:
    """Runs a program; `Rejected`, with what was printed, if it does not reach its end."""

def prove(
    execution: Execution,
    *,
    log_inv_rate: SupportsIndex = 1,
    threads: SupportsIndex | None = None,
    timeout: float | None = None,
    cancel: Cancel | None = None,
) -> bytes:
    """Proves a run; the result is the bytes of the proof."""

def verify_program(program: Program, public: Iterable[SupportsIndex], proof: bytes) -> None:
    """Verifies a proof that the program accepts a public input; `Rejected` if it is not one."""
