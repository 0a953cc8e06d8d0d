"""What a person has decided about leftovers is in force after exit 0, whatever comes; and nothing decided before is lost."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import cleaning
from core.leftovers.news import Found
from tests.support import stopping
from tests.support.calls import CountedCalls
from tests.support.disks import die_without_power
from tests.support.machine import Machine
from tests.support.spread import spread
from tests.support.trials import trials
from tests.support.tried import Tried
from tests.support.work import Work

Words = tuple[str, ...]
COMMANDS: dict[str, tuple[Words, frozenset[str]]] = {
    "keep": (("--keep", "a.bak"), frozenset({"b~"})),
    "ignore": (("--ignore", "5", "."), frozenset({"a.bak"})),
    "forget": (("--forget", "."), frozenset({"a.bak", "b~", "kept.bak"})),
}
BEFORE = frozenset({"a.bak", "b~"})  # what is told of; "kept.bak" is kept
DECISIONS = pytest.mark.parametrize("command", COMMANDS)


@dataclass
class Deciding:
    """A tree with leftovers, of which one is kept already, and a command that decides about the others."""

    tree: Path
    state: Path
    command: str

    def build(self) -> None:
        work = Work(self.tree)
        work.write(dict.fromkeys(("a", "b", "kept"), "new") | dict.fromkeys(("a.bak", "b~", "kept.bak"), "old"))

    def begin(self) -> None:
        """Decide about the first one."""
        assert stopping.run(self.line("--keep", "kept.bak")) == 0
        assert self.told() == BEFORE

    def line(self, option: str, *words: str) -> list[str]:
        paths = [word if word.isdigit() else os.path.normpath(self.tree / word) for word in words]
        return ["leftovers", option, *paths, "--state-dir", str(self.state)]

    @property
    def words(self) -> list[str]:
        return self.line(*COMMANDS[self.command][0])

    @property
    def after(self) -> frozenset[str]:
        return COMMANDS[self.command][1]

    def told(self) -> frozenset[str]:
        """Name what a scan tells of."""
        news = [one for one in cleaning.scan([str(self.tree)], state=str(self.state)) if isinstance(one, Found)]
        return frozenset(os.path.basename(one.path) for part in news for one in part.leftovers)

    def verdict(self) -> str:
        told = self.told()
        return "before" if told == BEFORE else "after" if told == self.after else f"neither: {sorted(told)}"

    def renew(self) -> None:
        """Take everything back but the first decision."""
        assert stopping.run(self.line("--forget", ".")) == 0
        self.begin()


class Late:
    """Stands for a file system that is made only in the process that uses it."""

    def __init__(self, make: Callable[[], CountedCalls]) -> None:
        self._make = make
        self.made: CountedCalls | None = None

    def __getattr__(self, verb: str) -> object:
        if self.made is None:
            self.made = self._make()
        return getattr(self.made, verb)

    def end(self) -> list[str]:
        return self.made.end() if self.made is not None else []


def calls(
    words: list[str], at: int = 0, action: Callable[[], object] = int, *, for_good: bool = False
) -> tuple[int, list[str]]:
    """Run a command with something done at a call; return its exit code and which calls it made."""
    late = Late(lambda: CountedCalls(at, action, for_good=for_good))
    code, made = stopping.ask(words, late, late.end)
    return code, list(made or ())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def failing(number: int) -> Callable[[], object]:
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def deciding(memory: Path, command: str) -> Deciding:
    one = Deciding(memory / "tree", memory / "state", command)
    one.build()
    one.begin()
    return one


@DECISIONS
def test_killed_at_any_call_a_decision_is_in_force_or_it_is_not(deciding: Deciding, tried: Tried) -> None:
    _, made = calls(deciding.words)
    assert deciding.verdict() == "after"
    seen = set()
    for at in range(1, len(made) + 1):
        deciding.renew()
        assert calls(deciding.words, at, die)[0] == -signal.SIGKILL
        seen.add(deciding.verdict())
        tried(f"SIGKILL at a call of {deciding.command}")
    assert seen == {"before", "after"}


@DECISIONS
@pytest.mark.parametrize(
    "number",
    [errno.EIO, *(pytest.param(one, marks=pytest.mark.full) for one in (errno.ENOSPC, errno.EROFS, errno.EACCES))],
    ids=errno.errorcode.get,
)
def test_an_error_at_any_call_of_a_decision_leaves_what_the_exit_code_says(
    deciding: Deciding, tried: Tried, number: int
) -> None:
    _, made = calls(deciding.words)
    with trials(tried) as trial:
        for at in range(1, len(made) + 1):
            for for_good in (False, True):
                deciding.renew()
                code, _ = calls(deciding.words, at, failing(number), for_good=for_good)
                with trial.one(f"{errno.errorcode[number]} at a call of {deciding.command}", f"call {at}, {for_good}"):
                    # Where the folder's own sync fails, and all that follows, not even the way back can be written.
                    may_stay = for_good and made[:at].count("fsync") == 2 and made[at - 1] == "fsync"
                    assert deciding.verdict() in ({0: "after", 1: "before"}[code], "after" if may_stay else "")


def test_decisions_that_cannot_be_read_are_not_written_over(memory: Path) -> None:
    deciding = Deciding(memory / "tree", memory / "state", "keep")
    deciding.build()
    deciding.begin()
    document = deciding.state / "kept/leftovers.json"
    document.rename(deciding.state / "kept/away")
    document.mkdir()  # as good as unreadable, for root too
    assert stopping.run(deciding.words) == 1
    document.rmdir()
    (deciding.state / "kept/away").rename(document)
    assert deciding.verdict() == "before"


def test_of_many_who_decide_at_once_nobody_is_forgotten(work: Work, state: Path) -> None:
    work.write({f"{number}": "x" for number in range(40)} | {f"{number}.bak": "y" for number in range(40)})
    children = []
    for first in range(0, 40, 10):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for number in range(first, first + 10):
                    one = cleaning.look(str(work.tree / f"{number}.bak"))
                    cleaning.keep([one] if one else [])
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    assert list(cleaning.scan([str(work.tree)]))[:-1] == []


def power_cuts(machine: Machine, command: str, most: int, tried: Tried) -> None:
    deciding = Deciding(machine.tree, machine.state, command)
    deciding.build()
    deciding.begin()
    for disk in machine.disks:
        disk.sync()
        disk.keep()
    _, made = calls(deciding.words)
    machine.cut()
    machine.restart()
    assert deciding.verdict() == "after"
    with trials(tried) as trial:
        for at in spread(range(1, len(made) + 1), most):
            machine.renew()
            code, _ = calls(deciding.words, at, lambda: die_without_power(machine.disks))
            machine.restart()
            with trial.one(f"power cut at a call of {command}, {machine.kind}", f"call {at}"):
                assert code == -signal.SIGKILL
                assert deciding.verdict() in ("before", "after")


@pytest.mark.parametrize("machine", ["xfs; state beside"], indirect=True)
def test_after_exit_0_a_decision_outlives_a_power_cut(machine: Machine, tried: Tried) -> None:
    power_cuts(machine, "keep", 2, tried)


@pytest.mark.full
@DECISIONS
def test_a_power_cut_at_any_call_of_a_decision_loses_none_of_those_before(
    machine: Machine, command: str, tried: Tried
) -> None:
    power_cuts(machine, command, 1_000, tried)
