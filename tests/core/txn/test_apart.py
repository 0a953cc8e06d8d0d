"""A file in a folder that may not be written is written in place, with what has to lie beside it in the state directory."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import api, memory
from core.api import Committed, Level
from core.errors import Fix, ProblemCode
from tests.support import stopping
from tests.support.disks import hindrance
from tests.support.failing import FailingFileSystem
from tests.support.somebody import NOBODY, as_user, place
from tests.support.spread import spread
from tests.support.stopping import MUTATING, StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work, plan_file

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can work in the name of somebody else")

OLD, NEW = "old " * 3000, "new, and longer " * 2000
EDITS: list[Json] = [
    {"op": "write", "path": "shut/one", "text": NEW, "links": "keep"},
    {"op": "edit", "path": "plain", "find": "old", "replace": "new"},
]
BEFORE = {"shut/one": OLD, "shut/other": "other", "plain": "old"}
AFTER = {"shut/one": NEW, "shut/other": "other", "plain": "new"}


@dataclass
class Shut:
    """A tree with a folder in which only its files may be written, and how to work in it as somebody."""

    work: Work

    @property
    def state(self) -> Path:
        return self.work.tree.parent / "state"

    @property
    def file(self) -> Path:
        return self.work.tree / "shut/one"

    def reset(self) -> None:
        (self.work.tree / "shut").chmod(0o755)
        self.work.write(BEFORE)  # type: ignore[arg-type]
        for path in (self.work.tree / "plain", self.file, self.file.with_name("other")):
            os.chown(path, NOBODY, NOBODY)
        os.utime(self.file, ns=(1, 1_000_000_007))
        (self.work.tree / "shut").chmod(0o555)

    def run(self, *arguments: str, fs: object = None) -> int:
        return stopping.run([*arguments, "--state-dir", str(self.state)], fs, user=NOBODY)

    def apply(self, fs: object = None) -> int:
        return self.run("apply", str(plan_file(self.work, EDITS)), "--yes", fs=fs)

    def demand_tidy(self, told: str) -> None:
        """Nothing of ours lies in the tree, nor aside."""
        assert sorted(os.listdir(self.work.tree / "shut")) == ["one", "other"], told
        assert sorted(os.listdir(self.work.tree)) == ["plain", "shut"], told
        assert os.listdir(self.state / "aside") == [], told


@pytest.fixture
def shut() -> Iterator[Shut]:
    with place() as work:
        found = Shut(work)
        (work.tree / "shut").mkdir()
        found.reset()
        yield found


def texts(shut: Shut) -> dict[str, str]:
    return shut.work.texts()


def test_it_is_a_problem_until_it_may_be_written_in_place(shut: Shut) -> None:
    edit: Json = {"op": "edit", "path": "shut/one", "find": "old", "replace": "new"}

    def look() -> None:
        (problem,) = shut.work.plan(edit).problems
        assert (problem.code, problem.values) == (ProblemCode.UNWRITABLE, {"folder": str(shut.work.tree / "shut")})
        assert Fix.KEEP_LINKS in problem.fixes
        plan = shut.work.plan({**edit, "links": "keep"})
        assert ([change.level for change in plan.changes()], plan.problems) == ([Level.IN_PLACE], [])
        assert api.promises(str(shut.work.tree / "shut")).level is Level.IN_PLACE
        for gone in ({"op": "delete", "path": "shut/one"}, {"op": "move", "path": "shut/one", "to": "x"}):
            (problem,) = shut.work.plan(gone).problems
            assert (problem.code, Fix.KEEP_LINKS in problem.fixes) == (ProblemCode.UNWRITABLE, False)

    assert as_user(NOBODY, look) == "NoneType"


def test_a_file_that_may_not_be_written_itself_stays_a_problem(shut: Shut) -> None:
    for make in (lambda: shut.file.chmod(0o444), lambda: (os.chown(shut.file, 0, 0), shut.file.chmod(0o4666))):
        make()

        def look() -> None:
            (problem,) = shut.work.plan(EDITS[0]).problems
            assert (problem.code, Fix.KEEP_LINKS in problem.fixes) == (ProblemCode.UNWRITABLE, False)

        assert as_user(NOBODY, look) == "NoneType"


def test_it_is_written_and_undone_and_done_again(shut: Shut) -> None:
    inode = shut.file.stat().st_ino

    assert shut.apply() == 0
    assert texts(shut) == AFTER
    shut.demand_tidy("applied")

    assert shut.run("undo", "--yes") == 0
    assert texts(shut) == BEFORE
    assert shut.file.stat().st_mtime_ns == 1_000_000_007
    shut.demand_tidy("undone")

    last = max((shut.state / "history").glob("*.journal"), key=lambda path: path.stat().st_mtime_ns)
    assert shut.run("undo", last.stem, "--yes") == 0
    assert (texts(shut), shut.file.stat().st_ino) == (AFTER, inode)
    shut.demand_tidy("done again")


def test_a_file_of_somebody_else_that_all_may_write_is_written_too(shut: Shut) -> None:
    os.chown(shut.file, 0, 0)
    shut.file.chmod(0o666)

    assert shut.apply() == 0

    now = shut.file.stat()
    assert (texts(shut), now.st_uid, now.st_gid, oct(now.st_mode & 0o7777)) == (AFTER, 0, 0, "0o666")
    assert shut.run("undo", "--yes") == 0
    assert texts(shut) == BEFORE


def kill_at(shut: Shut, number: int, tried: Tried) -> None:
    total, seen = len(calls(shut)), set()
    for point in spread(range(1, total + 1), number):
        for how in (stopping.die, stopping.die_half_way):
            shut.reset()
            assert shut.apply(StoppingFileSystem(point, how)) == -signal.SIGKILL
            assert shut.run("recover") == 0, f"killed at call {point}"
            found = texts(shut)
            assert found in (BEFORE, AFTER), f"killed at call {point}"
            assert found == AFTER or shut.file.stat().st_mtime_ns == 1_000_000_007, f"killed at call {point}"
            shut.demand_tidy(f"killed at call {point}")
            seen.add(found == AFTER)
            tried("SIGKILL at a call of apply that writes in place, from aside")
    assert seen == {True, False}


def calls(shut: Shut) -> list[str]:
    """Apply, and return the calls that this took."""
    verbs = shut.work.tree.parent / "verbs"
    verbs.touch()
    verbs.chmod(0o666)

    def note(*_: object) -> None:
        with verbs.open("a") as file:
            file.write("x")

    class Counting(StoppingFileSystem):
        def __getattr__(self, verb: str) -> object:  # type: ignore[override]
            if verb in MUTATING:
                note()
            return getattr(self.real, verb)

    assert shut.apply(Counting(-1, stopping.die)) == 0
    return list(verbs.read_text())


def test_killed_at_a_call_it_recovers_to_before_or_after(shut: Shut, tried: Tried) -> None:
    kill_at(shut, 14, tried)


@pytest.mark.full
def test_killed_at_any_call_it_recovers_to_before_or_after(shut: Shut, tried: Tried) -> None:
    kill_at(shut, 1000, tried)


def fail_at(shut: Shut, number: int, tried: Tried) -> None:
    total = len(calls(shut))
    for code in (errno.EIO, errno.ENOSPC):
        for point in spread(range(1, total + 1), number):
            for for_good in (False, True):
                shut.reset()
                shut.apply(FailingFileSystem(point, code, for_good=for_good))
                told = f"{errno.errorcode[code]} at call {point}{', and after it' if for_good else ''}"
                assert shut.run("recover") == 0, told
                assert texts(shut) in (BEFORE, AFTER), told
                shut.demand_tidy(told)
                tried("an error at a call of apply that writes in place, from aside")


def test_an_error_at_a_call_leaves_before_or_after(shut: Shut, tried: Tried) -> None:
    fail_at(shut, 6, tried)


@pytest.mark.full
def test_an_error_at_any_call_leaves_before_or_after(shut: Shut, tried: Tried) -> None:
    fail_at(shut, 1000, tried)


def save_at(shut: Shut, number: int, tried: Tried) -> None:
    """Another program, which may do more than we may, writes into the file or replaces it."""
    total = len(calls(shut))

    def write() -> None:
        shut.file.write_text("saved by hand")

    for point in spread(range(1, total + 1), number):
        shut.reset()
        shut.apply(StoppingFileSystem(point, lambda *_: write()))
        assert shut.run("recover") == 0, f"at call {point}"
        found = texts(shut)
        assert found["shut/one"] == "saved by hand" or found == AFTER, f"at call {point}: {found['shut/one'][:20]}"
        tried("a foreign save at a call of apply that writes in place, from aside")


def test_what_another_program_saves_at_a_call_is_there_afterwards(shut: Shut, tried: Tried) -> None:
    save_at(shut, 12, tried)


@pytest.mark.full
def test_what_another_program_saves_at_any_call_is_there_afterwards(shut: Shut, tried: Tried) -> None:
    save_at(shut, 1000, tried)


def test_a_file_that_is_mounted_into_a_read_only_folder_is_written_and_undone(work: Work) -> None:
    """As a container with a read-only root has its /etc/hosts."""
    if reason := hindrance("ext4"):
        pytest.skip(reason)
    work.write({"etc/hosts": "below", "outside": "old"})
    etc, hosts = work.tree / "etc", work.tree / "etc/hosts"
    edit: Json = {"op": "edit", "path": "etc/hosts", "find": "old", "replace": "new", "links": "keep"}
    for command in (["--bind", etc, etc], ["-o", "remount,bind,ro", etc], ["--bind", work.tree / "outside", hosts]):
        subprocess.run(["mount", *command], check=True)
    try:
        outcome = work.apply(edit)
        assert isinstance(outcome, Committed)
        assert hosts.read_text() == "new"
        plan = memory.undo_plan(outcome.txn)
        assert (plan.problems, isinstance(api.apply(plan), Committed), hosts.read_text()) == ([], True, "old")
    finally:
        for point in (hosts, etc):
            subprocess.run(["umount", point], check=False)
