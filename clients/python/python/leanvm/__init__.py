"""leanVM: aggregates of post-quantum signatures, and proofs of guest programs.

README.md of the package has examples; the types are in `__init__.pyi`.
"""

from leanvm._errors import (
    Cancelled,
    InternalError,
    InvalidInput,
    LeanVMError,
    LimitReached,
    Refused,
    Rejected,
    SystemFailure,
)
from leanvm._load import native as _native

_NAMES = (
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
)
globals().update((name, getattr(_native, name)) for name in _NAMES)

__version__ = _native.__version__
__all__ = [
    "Cancelled",
    "InternalError",
    "InvalidInput",
    "LeanVMError",
    "LimitReached",
    "Refused",
    "Rejected",
    "SystemFailure",
    *_NAMES,
]
