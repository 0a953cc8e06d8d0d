"""Leftovers of real programs, killed in the middle: each is told apart, found alive before and dead after, and kept safe.

Programs that are not on the path may lie unpacked in the folder that HOLDFAST_MAKERS names (`packaging/makers.sh`). What
cannot be made here is built to its documented form in `tests.support.remains`; the end of a run counts the real ones.
"""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import cleaning
from core.cleaning import Leftover
from core.leftovers.judge import Advice, Reason
from core.leftovers.news import Found
from tests.support.tried import Tried

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

_QT = """
import time
from PySide6.QtCore import QLockFile
lock = QLockFile("a.lock")
print(lock.lock(), flush=True)
time.sleep(100)
"""
_PYTHON = """
import tempfile, time
file = tempfile.NamedTemporaryFile(dir=".")
file.write(b"half")
file.flush()
print(flush=True)
time.sleep(100)
"""
LARGE = 60_000_000
PATIENCE = 60.0


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let a month pass."""
    real = time.time
    return lambda: monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 30 * 86_400)


def program(name: str) -> tuple[str, dict[str, str]]:
    """Return the path of a program and the environment it needs; skip where it is not installed."""
    unpacked = os.environ.get("HOLDFAST_MAKERS", "")
    there = shutil.which(name) or (shutil.which(name, path=f"{unpacked}/usr/bin:{unpacked}/bin") if unpacked else None)
    if there is None:
        pytest.skip(f"{name} is not installed")
    libraries = f"{unpacked}/usr/lib/x86_64-linux-gnu:{unpacked}/lib/x86_64-linux-gnu" if unpacked else ""
    return there, {
        **os.environ,
        "TERM": "xterm",
        "LC_ALL": "C.UTF-8",
        **({"LD_LIBRARY_PATH": libraries} if libraries else {}),
    }


def wait(condition: Callable[[], object], process: int = 0) -> None:
    """Wait until something is true."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.005)


def found(folder: Path) -> dict[str, Leftover]:
    """Scan, with what is never to be touched."""
    news = [one for one in cleaning.scan([str(folder)], everything=True) if isinstance(one, Found)]
    return {os.path.basename(one.path): one for part in news for one in part.leftovers}


def on_terminal(name: str, *arguments: str, cwd: Path, keys: bytes) -> tuple[int, int]:
    """Start a program on a terminal of its own and type; return (process, terminal)."""
    path, environment = program(name)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execve(path, [path, *arguments], environment)
    time.sleep(1.0)
    os.write(terminal, keys)
    return child, terminal


def end(child: int, terminal: int, number: int = signal.SIGKILL) -> None:
    os.kill(child, number)
    os.waitpid(child, 0)
    os.close(terminal)


def killed_when(command: list[str], cwd: Path, appears: Callable[[], object], environment: dict[str, str]) -> None:
    """Start a program and kill it as soon as something is there."""
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as one:
        until = time.monotonic() + PATIENCE
        while not appears():
            assert one.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < until
        os.killpg(one.pid, signal.SIGKILL)  # its helpers too, which would tidy up


def only(folder: Path, number: int) -> Leftover:
    """Return the one leftover of that kind."""
    (one,) = [each for each in found(folder).values() if each.number == number]
    return one


def test_vim(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    (tmp_path / "a.txt").write_text("saved\n")
    child, terminal = on_terminal("vim", "-u", "NONE", "-N", "a.txt", cwd=tmp_path, keys=b"ityped\x1b:preserve\r")
    wait((tmp_path / ".a.txt.swp").exists)
    time.sleep(1.0)
    later()
    alive = only(tmp_path, 1)
    assert (alive.advice, alive.reason) == (Advice.WAIT, Reason.IN_USE)
    end(child, terminal)
    dead = only(tmp_path, 1)
    assert dead.advice is Advice.KEEP
    assert not dead.preselected
    tried("kind  1 made by vim")


def test_nano(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    (tmp_path / "a.txt").write_text("saved\n")
    child, terminal = on_terminal("nano", "--ignorercfiles", "--locking", "a.txt", cwd=tmp_path, keys=b"typed")
    wait((tmp_path / ".a.txt.swp").exists)
    later()
    assert only(tmp_path, 4).reason is Reason.IN_USE
    end(child, terminal)
    assert only(tmp_path, 4).reason is Reason.LOCK_STALE
    tried("kind  4 made by nano")


def test_nano_that_is_hung_up_on_saves_beside_the_file(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    (tmp_path / "a.txt").write_text("saved\n")
    child, terminal = on_terminal("nano", "--ignorercfiles", "a.txt", cwd=tmp_path, keys=b"typed")
    time.sleep(1.0)
    end(child, terminal, signal.SIGHUP)
    later()
    assert only(tmp_path, 9).advice in (Advice.RESTORE, Advice.KEEP)
    tried("kind  9 made by nano")


def test_emacs(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    path, environment = program("emacs")
    (tmp_path / "a.txt").write_text("saved\n")
    code = '(progn (find-file "a.txt") (insert "typed") (do-auto-save t) (sleep-for 100))'
    with subprocess.Popen([path, "-Q", "--batch", "--eval", code], cwd=tmp_path, env=environment) as one:
        wait((tmp_path / "#a.txt#").exists)
        later()
        assert {only(tmp_path, 7).reason, only(tmp_path, 8).reason} == {Reason.IN_USE}
        one.kill()
    assert only(tmp_path, 7).advice is Advice.RESTORE
    assert only(tmp_path, 8).reason is Reason.LOCK_STALE
    tried("kinds 7 and 8 made by emacs")


@pytest.mark.parametrize(
    ("name", "command", "number", "pattern"),
    [
        ("sed", ["-i", "s/a/b/", "large.txt"], 37, "sed??????"),
        ("perl", ["-i", "-pe", "s/a/b/", "large.txt"], 38, "XX??????"),
        ("zip", ["-q", "large.zip", "large.txt"], 39, "zi??????"),
    ],
)
def test_a_tool_that_writes_a_file_anew(
    tmp_path: Path, later: Callable[[], None], tried: Tried, name: str, command: list[str], number: int, pattern: str
) -> None:
    path, environment = program(name)
    (tmp_path / "large.txt").write_bytes((os.urandom(50).hex().encode() + b"\n") * (LARGE // 101))
    killed_when(
        [path, *command], tmp_path, lambda: [one for one in tmp_path.glob(pattern) if one.stat().st_size], environment
    )
    (half,) = tmp_path.glob(pattern)
    later()
    one = only(tmp_path, number)
    assert os.path.basename(one.path) == half.name
    assert not one.preselected
    assert one.advice is Advice.ASK
    tried(f"kind {number} made by {name}")


def test_rsync(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    path, environment = program("rsync")
    (tmp_path / "large.bin").write_bytes(os.urandom(LARGE // 10))
    (tmp_path / "to").mkdir()
    command = [path, "--bwlimit=1000", "large.bin", "to/"]
    killed_when(command, tmp_path, lambda: list((tmp_path / "to").glob(".large.bin.??????")), environment)
    time.sleep(1)
    later()
    one = only(tmp_path, 60)
    assert (one.advice, one.reason) in ((Advice.RESTORE, Reason.PERHAPS_PARTIAL), (Advice.KEEP, Reason.ONLY_COPY))
    (tmp_path / "to/large.bin").write_bytes(b"what came later")
    assert only(tmp_path, 60).preselected
    tried("kind 60 made by rsync")


def test_patch(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    path, environment = program("patch")
    (tmp_path / "a.c").write_text("one\ntwo\n")
    diff = "--- a.c\n+++ a.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -9,2 +9,2 @@\n-nine\n+9\n ten\n"
    subprocess.run([path, "-p0"], input=diff.encode(), cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    later()
    assert only(tmp_path, 40).reason is Reason.OLDER or only(tmp_path, 40).same is False
    assert only(tmp_path, 41).reason is Reason.CONFLICT
    tried("kinds 40 and 41 made by patch")


def test_git(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    path, environment = program("git")
    subprocess.run([path, "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "large").write_bytes(os.urandom(LARGE))
    objects = tmp_path / ".git/objects"
    killed_when(
        [path, "add", "large"], tmp_path, lambda: [*objects.glob("*/tmp_*"), *objects.glob("tmp_*")], environment
    )
    later()
    assert {name: one.advice for name, one in found(tmp_path).items()} == {".git": Advice.PROTECTED}
    lock = tmp_path / ".git/index.lock"
    lock.touch()
    info = lock.lstat()
    shown = cleaning.Shown(str(lock), info.st_size, info.st_mtime, info.st_ino)
    assert [one.left for one in cleaning.clear([shown]).left] == [cleaning.Left.PROTECTED]
    tried("kinds 45 and 46 made by git")


@pytest.mark.parametrize(("mode", "number", "ending"), [("delete", 74, "-journal"), ("wal", 75, "-wal")])
def test_sqlite(tmp_path: Path, later: Callable[[], None], tried: Tried, mode: str, number: int, ending: str) -> None:
    path, environment = program("sqlite3")
    sql = f"pragma journal_mode={mode}; pragma cache_size=1; create table t(x); insert into t values (1); begin;"
    count = "with recursive c(n) as (select 1 union all select n+1 from c limit 9000)"
    fill = f"insert into t {count} select randomblob(900) from c;\n"
    with subprocess.Popen(
        [path, "a.db"], cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as one:
        assert one.stdin is not None
        one.stdin.write((sql + fill).encode())
        one.stdin.flush()
        wait(lambda: (tmp_path / f"a.db{ending}").exists() and (tmp_path / f"a.db{ending}").stat().st_size)
        one.kill()
    later()
    told = found(tmp_path)[f"a.db{ending}"]
    assert (told.number, told.advice) == (number, Advice.PROTECTED)
    tried(f"kind {number} made by sqlite3")


def test_a_lock_of_qt(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    code = _QT
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"True\n"
        assert only(tmp_path, 15).reason is Reason.IN_USE
        one.kill()
    later()
    assert only(tmp_path, 15).reason is Reason.LOCK_STALE
    tried("kind 15 made by Qt")


def test_python(tmp_path: Path, later: Callable[[], None], tried: Tried) -> None:
    code = _PYTHON
    for _ in range(8):  # one name in some has neither a digit nor an underscore, and then it could be a word
        with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE) as one:
            assert one.stdout is not None
            one.stdout.readline()
            one.kill()
    later()
    told = [each for each in found(tmp_path).values() if each.number == 53]
    assert told
    assert len(told) < 8 or all(not each.preselected or each.reason is Reason.TWIN for each in told)
    tried("kind 53 made by Python")
