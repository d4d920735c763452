"""The examples of README.md, one after another, as one program."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def test_the_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert len(examples) > 3
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples:
        exec(compile(example, str(README), "exec"), names)
