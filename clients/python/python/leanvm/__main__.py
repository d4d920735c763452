"""The command `leanvm`."""

from __future__ import annotations

import signal
import sys

from leanvm._load import native


def main() -> int:
    # As for a program that is not Python: at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code: int = native._main(["leanvm", *sys.argv[1:]], [sys.executable, "-m", "leanvm"])
    return code


if __name__ == "__main__":
    sys.exit(main())
