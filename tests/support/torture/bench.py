"""One subject at work in one place, again and again from the same start."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support.torture import held
from tests.support.torture.batches import read_files
from tests.support.torture.held import Call, Decide, Do, Run
from tests.support.torture.judge import Ends, Verdict, judge, judge_with_save
from tests.support.torture.subjects import ROOT, Place, Subject
from tests.support.tree import snapshot


class CannotDo(Exception):
    """The subject does not do this batch even undisturbed; the text says how it ended."""


class Bench:
    """Runs a subject. `place` is where it works, `forms` a folder that no fault reaches.

    `calls` are those of an undisturbed run, by which the points of a trial are chosen.
    """

    def __init__(self, subject: Subject, place: Path, forms: Path) -> None:
        self.subject = subject
        self.place = Place(place / "tree", place / "state", forms)
        forms.mkdir(parents=True, exist_ok=True)
        subject.batch.write_forms(forms, self.place.tree)
        self.reset()
        before = snapshot(self.place.tree)
        undisturbed = self.run()
        self.recover(undisturbed.code)
        if undisturbed.code != 0 or read_files(self.place.tree) != subject.batch.after():
            unchanged = ", and changes nothing" if snapshot(self.place.tree) == before else ""
            raise CannotDo(f"exit {undisturbed.code}{unchanged}")
        self.ends = Ends(before, snapshot(self.place.tree))
        self.calls: list[Call] = undisturbed.calls

    def reset(self) -> None:
        """Put the tree before in place, and an empty state directory."""
        for folder in (self.place.tree, self.place.state):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        self.subject.batch.build(self.place.tree)

    def run(self, decide: Decide = held.go_on) -> Run:
        """Let the subject apply the batch, and decide at each of its calls."""
        return self._hold(self.subject.apply(self.place), decide)

    def recover(self, code: int) -> None:
        """Do what the subject has for afterwards, undisturbed."""
        for command in self._commands(code):
            self._hold(command, held.go_on)

    def begin_to_recover(self, code: int, decide: Decide = held.go_on) -> list[Call]:
        """Do the first thing that the subject has for afterwards, and decide at each of its calls; return them."""
        commands = self._commands(code)[:1]
        return [call for command in commands for call in self._hold(command, decide).calls]

    def _commands(self, code: int) -> list[list[str]]:
        return self.subject.recover(self.place, code)

    def _hold(self, command: list[str], decide: Decide) -> Run:
        return held.run(
            command,
            watch=[str(self.place.tree), str(self.place.state)],
            decide=decide,
            refused=self.subject.refused,
            cwd=str(self.place.tree),
            environment=environment(),
        )

    def verdict(self, code: int) -> Verdict:
        """Recover, and judge what is there then. Holdfast's own unfinished business counts as left over."""
        self.recover(code)
        found = judge(snapshot(self.place.tree), self.ends, succeeded=code == 0)
        if found is Verdict.FINE and not self.subject.batch.links_hold(self.place.tree):
            return Verdict.DAMAGED
        return Verdict.LEFT_OVER if found is Verdict.FINE and self._unfinished() else found

    def verdict_with_save(self, code: int, path: str, text: str) -> Verdict:
        """The same where another program has saved `text` under `path` meanwhile."""
        self.recover(code)
        return judge_with_save(snapshot(self.place.tree), self.ends, path, text, succeeded=code == 0)

    def _unfinished(self) -> bool:
        journals = self.place.state / "journals"
        return journals.exists() and any(journals.iterdir())


def environment() -> dict[str, str]:
    """Return what a subject finds in its environment."""
    # Without bytecode, so that no interpreter's first run differs from its second.
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "GIT_CEILING_DIRECTORIES": "/"}


def at(number: int, action: Callable[[Call], Do | int]) -> Decide:
    """Do something at one call, and nothing at the others."""
    return lambda call: action(call) if call.number == number else Do.GO_ON
