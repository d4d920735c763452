"""Signals, threads, forks: what the process around the library does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import LOOP, SLOT

import leanvm

# What the tests below take for "at once"; a proof of `long_run` takes longer.
SECOND = 1.0


def interrupted_after(delay: float, work) -> float:
    """How long work goes on after a signal that comes after a delay."""
    sent = []

    def interrupt() -> None:
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    # Python leaves the signal ignored where it was: in what a shell has put in the background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(delay, interrupt)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        return time.monotonic() - sent[0]
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("delay", [0.1, 0.3])
def test_a_proof_is_interrupted(long_run, delay):
    assert interrupted_after(delay, lambda: leanvm.prove(long_run)) < SECOND
    # What goes on is not in the way.
    execution = leanvm.run(leanvm.assemble("halt"))
    leanvm.verify_program(leanvm.assemble("halt"), [], leanvm.prove(execution))


def test_making_a_key_is_interrupted(tmp_path):
    path = tmp_path / "large.key"
    assert interrupted_after(0.2, lambda: leanvm.SecretKey.create(path, 0, 1 << 24)) < SECOND
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_interrupted():
    program = leanvm.compile(LOOP)
    assert interrupted_after(0.05, lambda: leanvm.run(program, [1 << 20])) < SECOND


def test_other_threads_go_on_meanwhile(long_run):
    cancel = leanvm.Cancel()
    with ThreadPoolExecutor(1) as pool:
        proof = pool.submit(leanvm.prove, long_run, threads=1, cancel=cancel)
        start, steps = time.monotonic(), 0
        while time.monotonic() - start < 0.5:
            assert not proof.done()
            steps += 1
            time.sleep(0.001)
        cancel.set()
        assert isinstance(proof.exception(), leanvm.Cancelled)
    assert steps > 50


def test_work_is_cancelled_by_another_thread(long_run, message, signed):
    cancel = leanvm.Cancel()
    threading.Timer(0.1, cancel.set).start()
    start = time.monotonic()
    with pytest.raises(leanvm.Cancelled):
        leanvm.prove(long_run, cancel=cancel)
    assert time.monotonic() - start < SECOND
    assert cancel.is_set()
    # It stays set; work that is done before anybody looks is done.
    with pytest.raises(leanvm.Cancelled):
        leanvm.prove(long_run, cancel=cancel)


def test_a_timeout(long_run):
    start = time.monotonic()
    with pytest.raises(leanvm.LimitReached, match="deadline"):
        leanvm.prove(long_run, timeout=0.1)
    assert time.monotonic() - start < SECOND


def test_threads_share_a_key(tmp_path):
    """Of two messages for one slot one is signed, whichever comes first."""
    with leanvm.SecretKey.create(tmp_path / "alice.key", 0, 16) as key:

        def sign(number: int) -> bytes | None:
            try:
                return bytes(key.sign(b"%d" % (number % 2), number // 2))
            except leanvm.Refused:
                return None

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(sign, range(32)))
    pairs = list(zip(made[::2], made[1::2]))
    assert all((one is None) != (other is None) for one, other in pairs)


def test_threads_aggregate_at_the_same_time(message, signed, aggregate):
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda _: leanvm.aggregate(message, SLOT, signed), range(4))
    assert {bytes(one) for one in made} == {bytes(aggregate)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_works_and_does_not_sign(message, signed, aggregate):
    """The shared threads, which have been used, are not in the child."""
    key = leanvm.SecretKey.generate(0, 4)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            made = leanvm.aggregate(message, SLOT, signed)
            made.verify()
            try:
                key.sign(message, 1)
            except leanvm.Refused:
                own = leanvm.SecretKey.generate(0, 4)
                own.sign(message, 1)
                code = 0 if bytes(made) == bytes(aggregate) else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    else:
        os.kill(child, signal.SIGKILL)
        pytest.fail("the child waits for ever")
    assert os.waitstatus_to_exitcode(status) == 0
    key.sign(message, 1)


def python(text: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_signal_that_kills_a_process_loses_no_slot(tmp_path):
    """A slot that was signed for is used, whenever the process is killed."""
    path = tmp_path / "alice.key"
    leanvm.SecretKey.create(path, 0, 4096).close()
    text = f"""
import leanvm
key = leanvm.SecretKey.open({str(path)!r})
for slot in key.slots:
    key.sign(b"message", slot)
    print(slot, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]
    process.kill()
    told += [int(line) for line in process.stdout.read().split()]
    process.wait()
    with leanvm.SecretKey.open(path) as key:
        assert all(key.is_used(slot) for slot in told)
        key.sign(b"message", told[-1])
        with pytest.raises(leanvm.Refused):
            key.sign(b"another", told[-1])
        key.sign(b"another", 4095)


def test_a_full_disk_loses_no_slot(tmp_path):
    """What cannot be recorded is not signed, and the file stays as it was: a limit for the size of
    files stands for a full disk."""
    path = tmp_path / "alice.key"
    with leanvm.SecretKey.create(path, 0, 8) as key:
        key.sign(b"message", 1)
    text = f"""
import resource, signal, leanvm
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
key = leanvm.SecretKey.open({str(path)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
try:
    key.sign(b"message", 2)
except leanvm.SystemFailure as error:
    print(error.errno)
"""
    told = python(text)
    assert told.stdout.strip() == "27", told.stderr
    with leanvm.SecretKey.open(path) as key:
        assert key.is_used(1)
        with pytest.raises(leanvm.Refused):
            key.sign(b"another", 1)
        key.sign(b"another", 2)


def test_a_full_disk_leaves_an_aggregate_file_as_it_was(tmp_path, aggregate):
    path, other = tmp_path / "block.agg", tmp_path / "other.agg"
    aggregate.write(path)
    before = path.read_bytes()
    text = f"""
import resource, signal, leanvm
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
aggregate = leanvm.Aggregate.read({str(path)!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for path in [{str(path)!r}, {str(other)!r}]:
    try:
        aggregate.write(path)
    except leanvm.SystemFailure as error:
        print(error.errno)
"""
    told = python(text)
    assert told.stdout.split() == ["27", "27"], told.stderr
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["block.agg"]


LEVELS = Path(leanvm.__file__).parent / "_levels"


def test_the_level_is_told():
    level, vectors = leanvm.level()
    assert level in ["x86-64", "x86-64-v3", "x86-64-v4"] or not level.startswith("x86")
    assert vectors


@pytest.mark.skipif(not LEVELS.exists(), reason="this package has one level: build-wheel")
def test_a_level_is_chosen():
    text = "import leanvm; print(*leanvm.level())"
    assert python(text, LEANVM_LEVEL="baseline").stdout == "x86-64 no vector instructions\n"
    best = python(text).stdout.split()[0]
    for level in ["v3", "v4"]:
        told = python(text, LEANVM_LEVEL=level)
        if f"x86-64-{level}" <= best:
            assert told.stdout.startswith(f"x86-64-{level} "), told.stderr
        else:
            assert "this processor is not" in told.stderr
    told = python(text, LEANVM_LEVEL="v5")
    assert told.returncode == 1
    assert "ImportError: LEANVM_LEVEL is `v5`, which is no level" in told.stderr


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    leanvm_command = Path(sys.executable).with_name("leanvm")
    return subprocess.run(
        [leanvm_command, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_command(tmp_path, aggregate):
    assert command("--version").stdout.startswith(f"leanvm {leanvm.__version__} for ")
    path = tmp_path / "block.agg"
    aggregate.write(path)
    verified = command("verify-aggregate", path)
    assert (verified.returncode, verified.stderr) == (0, "")
    path.write_bytes(path.read_bytes()[:-4] + bytes(4))
    assert command("verify-aggregate", path).returncode == 1
    assert command("nonsense").returncode == 2
    assert command("verify-aggregate", tmp_path / "none").returncode == 2
    made = command("xmss", "keygen", "--slots", "0..8", "-o", tmp_path / "bob")
    assert made.returncode == 0, made.stderr
    with leanvm.SecretKey.open(tmp_path / "bob.key") as key:
        assert key.slots == range(8)
    # It starts itself once more.
    assert command("bench", "--signatures", "1", "--repeat", "1").returncode == 0
