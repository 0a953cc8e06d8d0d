"""Whether somebody is still at work: real processes hold files, and locks name processes, machines and starts."""

from __future__ import annotations

import mmap
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.fs import holders, places, walk
from core.leftovers import owner
from core.leftovers.identify import what
from core.leftovers.owner import Owner, Owners, Whose
from core.leftovers.proof import Holder
from tests.support import remains
from tests.support.work import Work

needs_leases = pytest.mark.skipif(
    holders.is_open(__file__) is None, reason="the file system that holds the tests gives no leases"
)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"]) as one:
        try:
            yield one
        finally:
            one.kill()


def asked(path: Path) -> Whose:
    """Ask about the maker of a file."""
    seen, match = walk.look(str(path)), what(str(path))
    assert seen is not None
    assert match is not None
    return Owners().of(str(path), seen, match, walk.head(str(path)) or b"")


@needs_leases
def test_a_file_that_any_program_has_open_is_in_use_and_the_program_is_named(work: Work) -> None:
    work.write({"a": "x", "a.bak": "y"})
    path = work.tree / "a.bak"
    assert asked(path).owner is Owner.NOBODY
    code = f"import time; file = open({str(path)!r}); print(flush=True); time.sleep(100)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        found = asked(path)
        other.kill()
    assert found.owner is Owner.ALIVE
    assert found.who.startswith("python")
    assert asked(path).owner is Owner.NOBODY


@needs_leases
def test_a_file_that_is_only_mapped_is_in_use(work: Work) -> None:
    work.write({"a": "x", "a.bak": "y" * 5000})
    path = work.tree / "a.bak"
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    assert asked(path).owner is Owner.ALIVE
    mapped.close()
    assert asked(path).owner is Owner.NOBODY


@needs_leases
def test_asking_does_not_kill_us_when_somebody_opens_the_file_at_that_moment(work: Work) -> None:
    work.write({"a.bak": "x"})
    path = str(work.tree / "a.bak")
    child = os.fork()
    if child == 0:
        try:
            end = time.monotonic() + 1
            while time.monotonic() < end:
                os.close(os.open(path, os.O_WRONLY))
        finally:
            os._exit(0)
    answers = set()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        answers.add(holders.is_open(path))
    assert answers <= {True, False}
    assert signal.getsignal(signal.SIGIO) is signal.SIG_DFL


def test_where_the_kernel_gives_no_lease_nobody_can_tell(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write({"a": "x", "a.bak": "y"})
    monkeypatch.setattr(holders, "is_open", lambda path: None)
    assert asked(work.tree / "a.bak").owner is Owner.UNKNOWN
    with (work.tree / "a.bak").open():
        assert asked(work.tree / "a.bak").owner is Owner.ALIVE  # the list of open files tells, for our own programs


def test_a_process_that_lives_and_is_older_than_the_file_holds_it(sleeper: subprocess.Popen[bytes]) -> None:
    here = places.host_name()
    now = time.time()
    assert owner.holds(Holder(sleeper.pid, here), now).owner is Owner.ALIVE
    assert owner.holds(Holder(sleeper.pid, here), now - 3600).owner is Owner.DEAD  # its number was used again
    assert owner.holds(Holder(remains.NOBODY, here), now).owner is Owner.DEAD
    sleeper.kill()
    sleeper.wait()
    assert owner.holds(Holder(sleeper.pid, here), now).owner is Owner.DEAD


def test_a_process_of_another_machine_is_unknown_and_named() -> None:
    found = owner.holds(Holder(1, "another", "me"), time.time())
    assert found == Whose(Owner.UNKNOWN, "me@another")


def test_a_holder_from_before_the_machine_was_started_is_dead(sleeper: subprocess.Popen[bytes]) -> None:
    here, now = places.host_name(), time.time()
    assert owner.holds(Holder(sleeper.pid, here, boot=places.boot()), now).owner is Owner.ALIVE
    assert owner.holds(Holder(sleeper.pid, here, boot="00000000-0000"), now).owner is Owner.DEAD
    assert owner.holds(Holder(sleeper.pid, here, boot=str(int(holders.booted()))), now).owner is Owner.ALIVE
    assert owner.holds(Holder(sleeper.pid, here, boot="1700000000"), now).owner is Owner.DEAD


@pytest.mark.parametrize("host", ["", "another"])
def test_a_vim_swap_and_a_qt_lock_name_their_owner(tmp_path: Path, sleeper: subprocess.Popen[bytes], host: str) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / ".a.swp").write_bytes(remains.swap("a", pid=sleeper.pid, host=host))
    (tmp_path / "a.lock").write_bytes(remains.qt_lock(sleeper.pid, host))
    expected = Owner.UNKNOWN if host else Owner.ALIVE
    assert {asked(tmp_path / name).owner for name in (".a.swp", "a.lock")} == {expected}
    (tmp_path / ".a.swp").write_bytes(remains.swap("a", host=host))
    (tmp_path / "a.lock").write_bytes(remains.qt_lock(host=host))
    expected = Owner.UNKNOWN if host else Owner.DEAD
    assert {asked(tmp_path / name).owner for name in (".a.swp", "a.lock")} == {expected}


def test_what_emacs_saves_by_itself_belongs_to_whoever_holds_the_lock_beside_it(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "#a#").write_text("y")
    assert asked(tmp_path / "#a#").owner is Owner.NOBODY
    here = socket.gethostname()
    (tmp_path / ".#a").symlink_to(f"me@{here}.{sleeper.pid}:{int(holders.booted())}")
    assert {asked(tmp_path / name).owner for name in ("#a#", ".#a")} == {Owner.ALIVE}


def test_a_lock_of_libreoffice_is_stale_once_no_libreoffice_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".~lock.a.odt#").write_bytes(remains.libreoffice_lock())
    (tmp_path / ".~lock.b.odt#").write_bytes(remains.libreoffice_lock("another"))
    running = [holders.Process(7, "soffice.bin", 0.0)]
    monkeypatch.setattr(holders, "processes", lambda: list(running))
    assert asked(tmp_path / ".~lock.a.odt#") == Whose(Owner.ALIVE, "soffice.bin")
    running.clear()
    assert asked(tmp_path / ".~lock.a.odt#").owner is Owner.DEAD
    assert asked(tmp_path / ".~lock.b.odt#") == Whose(Owner.UNKNOWN, "user@another")
    monkeypatch.setattr(holders, "processes", lambda: None)
    assert asked(tmp_path / ".~lock.a.odt#").owner is Owner.UNKNOWN
