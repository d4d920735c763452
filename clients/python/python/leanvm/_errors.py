"""The exceptions. The extension module makes them; all are `LeanVMError`."""

from __future__ import annotations


class LeanVMError(Exception):
    """What leanVM refuses, or fails to do.

    `code` and `name` are those of SPEC.md, where it has some: of section 2 for programs, runs and
    proofs, 22 for signatures, 24 and 26 for aggregates.
    """

    code: int | None
    name: str | None

    def __init__(self, message: str, *, code: int | None = None, name: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.name = name


class InvalidInput(LeanVMError, ValueError):
    """A value that is none of those that can be meant: malformed, out of range, twice, closed."""


class Rejected(LeanVMError):
    """A signature, an aggregate, a proof or a run that does not show what it should.

    `printed` is what a run printed before. `indices` names the signatures that are not valid.
    """

    printed: list[int]
    indices: list[int]

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        name: str | None = None,
        printed: list[int] | None = None,
        indices: list[int] | None = None,
    ) -> None:
        super().__init__(message, code=code, name=name)
        self.printed = printed or []
        self.indices = indices or []


class Refused(LeanVMError):
    """The key or its file does not sign: slot used, file locked, open to others, restored."""


class Cancelled(LeanVMError):
    """The work was cancelled by a `Cancel`."""


class LimitReached(LeanVMError):
    """The timeout or the limit of memory is reached."""


class SystemFailure(LeanVMError, OSError):
    """The system refuses a file, a thread or random bytes. `errno` is its number, if it has one."""

    errno: int | None

    def __init__(self, message: str, *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


class InternalError(LeanVMError):
    """A defect of leanVM, which should be reported."""
