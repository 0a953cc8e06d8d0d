"""`holdfast demo`: what Holdfast promises, shown on real files, with a proof for each promise.

The files are copies in a temporary folder, and so is the state directory: nothing of the user's is touched.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

from app import program, texts
from app.cli import output, stopping
from app.cli.showing import Showing, Timer, short
from app.words import _, counted, marked, number
from core import api, demo, memory
from core.demo import Picture, Sample
from core.progress import Cancelled, CancelToken, Meter, Phase

_DIFF_LINES = 12
_ATTEMPTS = 10
_PATIENCE_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--keep", action="store_true", help=_("leave the temporary folder where it is"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Show everything; 0 when every proof held, 3 when one did not (then the folder stays, to be looked at)."""
    timer = Timer()
    sample = Sample.make()
    showing = Showing(sample, json_lines=options.json)
    keep = options.keep
    try:
        acts = _Acts(showing)
        acts.introduce(keep=keep)
        for act in (acts.copy, acts.apply, acts.undo, acts.cancel, acts.kill):
            act()
        keep = keep or not showing.all_held
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped."))
        return stopping.exit_code()
    finally:
        if not keep:
            sample.remove()
    return showing.conclude(timer(), kept=keep)


class _Acts:
    """What is shown, in this order. Each act plans a batch of its own over all files, and ends with a proof."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._say = showing.say
        self._sample = showing.sample
        self._before: Picture = {}
        self._first: Picture = {}

    def introduce(self, *, keep: bool) -> None:
        """Say where all this happens."""
        folder = self._sample.folder
        self._say(_("Holdfast shows on real files what it promises. Nothing of yours is touched."))
        stays = _("Everything happens in {path}, which stays.", path=api.shown(folder))
        goes = _("Everything happens in {path}, which is removed at the end.", path=api.shown(folder))
        self._say(stays if keep else goes, "folder", path=folder, keep=keep)

    def copy(self) -> None:
        """Make the tree."""
        timer = Timer()
        self._sample.fill()
        seconds = timer()
        self._before = self._sample.picture()
        whose = _("Python {version}'s library", version=sys.version.split()[0])
        if not self._sample.is_python:
            whose = _("Holdfast itself")
        if self._sample.copies > 1:
            whose = _("{whose}, {number} times", whose=whose, number=self._sample.copies)
        self._say(
            _(
                "Copied the sources of {whose}: {files}, {size}, in {seconds} s. Digest {digest}.",
                whose=whose,
                files=counted(len(self._sample.files), "{n} file", "{n} files"),
                size=texts.size(self._sample.bytes),
                seconds=seconds,
                digest=short(self._before),
            ),
            "copied",
            files=len(self._sample.files),
            bytes=self._sample.bytes,
            seconds=seconds,
            digest=demo.digest(self._before),
        )

    def apply(self) -> None:
        """Apply a batch, and prove that it did what was foretold, and nothing else."""
        self._showing.title(_("1. Change them all"))
        plan = self._plan("self", "this")
        self._preview(plan)
        foretold = self._sample.foretold(self._before, "self", "this")
        timer = Timer()
        outcome = api.apply(plan, state=self._sample.state, token=CancelToken(stopping.is_waiting))
        seconds = timer()
        _stop_if_asked()
        done = outcome.files if isinstance(outcome, api.Committed) else 0
        self._say(
            _(
                "Applied: {files} in {seconds} s, and safe from a power cut.",
                files=counted(done, "{n} file", "{n} files"),
                seconds=number(seconds, 2),
            ),
            "applied",
            files=done,
            seconds=seconds,
        )
        self._showing.prove(marked("every file is what was foretold, and there is no other one"), foretold)
        self._first = self._before
        self._went_through()

    def undo(self) -> None:
        """Take the batch back, and prove that the tree is as it was at first; then take that back, too."""
        self._showing.title(_("2. Take it all back, and redo it"))
        for event, word, wanted, what in (
            ("undone", _("Undone"), self._first, marked("the tree is exactly as it was at first")),
            ("redone", _("Redone"), self._before, marked("the tree is exactly as it was before the undo")),
        ):
            newest = next(memory.history(self._sample.state))
            timer = Timer()
            plan = memory.undo_plan(newest.txn, state=self._sample.state)
            outcome = api.apply(plan, state=self._sample.state, token=CancelToken(stopping.is_waiting))
            seconds = timer()
            _stop_if_asked()
            done = outcome.files if isinstance(outcome, api.Committed) else 0
            files = counted(done, "{n} file", "{n} files")
            self._say(
                _("{word}: {files} in {seconds} s.", word=word, files=files, seconds=number(seconds, 2)),
                event,
                files=done,
                seconds=seconds,
            )
            self._showing.prove(what, wanted, also=done > 0)

    def cancel(self) -> None:
        """Cancel a batch in the middle of its switch, and prove that the tree is as it was."""
        self._showing.title(_("3. Cancel half-way"))
        plan = self._plan("import", "bring_in")
        half = plan.files // 2
        meter = Meter()
        timer = Timer()
        outcome = api.apply(plan, state=self._sample.state, meter=meter, token=_cancel_at(meter, half))
        seconds = timer()
        _stop_if_asked()
        cancelled = isinstance(outcome, api.RolledBack) and outcome.reason is api.Reason.CANCELLED
        self._say(
            _(
                "Cancelled when {half} of {files} files were switched. All were put back, {seconds} s after the start.",
                half=half,
                files=plan.files,
                seconds=number(seconds, 2),
            ),
            "cancelled",
            switched=half,
            files=plan.files,
            seconds=seconds,
        )
        self._showing.prove(marked("the tree is exactly as before"), self._before, also=cancelled)

    def kill(self) -> None:
        """Kill a process in the middle of its switch, recover, and prove that the tree is as it was."""
        self._showing.title(_("4. kill -9 half-way"))
        killed = self._killed()
        if killed is None:
            self._showing.prove(marked("a process was caught half-way"), self._before, also=False)
            return
        self._say(
            _(
                "Killed `holdfast apply` with SIGKILL when {switched} of {files} files were switched.",
                switched=killed.switched,
                files=killed.files,
            ),
            "killed",
            switched=killed.switched,
            files=killed.files,
        )
        mixed = self._sample.picture() != self._before
        timer = Timer()
        code = _holdfast("recover", "--state-dir", self._sample.state).wait()
        seconds = timer()
        self._say(
            _("`holdfast recover` ended with {code} after {seconds} s.", code=code, seconds=number(seconds, 2)),
            "recovered",
            mixed=mixed,
            code=code,
            seconds=seconds,
        )
        done = mixed and code == 0 and not api.pending(self._sample.state)
        self._showing.prove(marked("the tree is exactly as before"), self._before, also=done)

    # what they have in common

    def _plan(self, find: str, replacement: str) -> api.Plan:
        self._sample.write_plan(find, replacement)
        timer = Timer()
        plan = api.read_plan(self._sample.plan, token=CancelToken(stopping.is_waiting))
        seconds = timer()
        text = _(
            "Planned: “{find}” becomes “{replacement}”, one file is renamed, one deleted: "
            "{files}, {matches}, in {seconds} s.",
            find=find,
            replacement=replacement,
            files=counted(plan.files, "{n} file", "{n} files"),
            matches=counted(plan.matches, "{n} match", "{n} matches"),
            seconds=number(seconds, 2),
        )
        figures = {"files": plan.files, "matches": plan.matches, "problems": len(plan.problems)}
        self._say(text, "planned", **figures, seconds=seconds)
        output.problems(plan.problems, json_lines=self._showing.json_lines)
        return plan

    def _preview(self, plan: api.Plan) -> None:
        timer = Timer()
        lines = api.preview_lines(plan)
        first = list(islice(lines, _DIFF_LINES))
        many = len(first) + sum(1 for __ in lines)
        seconds = timer()
        text = _("Preview: {number} lines of diff, in {time} s. They begin with", number=many, time=number(seconds, 2))
        self._say(text, "previewed", lines=many, seconds=seconds)
        for line in first:
            self._say(f"    {line}")

    def _went_through(self) -> None:
        """Go on from the tree that a batch has made."""
        self._before = self._sample.picture()
        self._sample.rename()

    def _killed(self) -> api.Pending | None:
        """Kill applies until one dies in the middle; return what it left, None if none did."""
        words = ("return", "give_back")
        for __ in range(_ATTEMPTS):
            plan = self._plan(*words)
            edited = [change.path for change in plan.changes() if change.action is api.Action.EDIT]
            middle = partial(self._sample.inode, edited[len(edited) // 2])
            apply = _holdfast("apply", self._sample.plan, "--yes", "--state-dir", self._sample.state)
            _kill_when_changed(apply, middle)
            _stop_if_asked()
            waiting = api.pending(self._sample.state)
            if len(waiting) == 1 and waiting[0].state == "switching" and 0 < waiting[0].switched < plan.files:
                return waiting[0]
            self._say(_("The signal came too early or too late; once more."), "missed")
            api.recover_all(self._sample.state)
            if self._sample.picture() != self._before:  # too late: all was changed
                self._went_through()
                words = words[::-1]
        return None


def _stop_if_asked() -> None:
    if stopping.is_waiting():
        raise Cancelled


def _cancel_at(meter: Meter, files: int) -> CancelToken:
    """Return a token that is cancelled once so many files have been switched."""

    def reached() -> bool:
        now = meter.sample()
        return (now.phase is Phase.SWITCH and now.files_done >= files) or stopping.is_waiting()

    return CancelToken(reached)


def _holdfast(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a command as a process of its own."""
    command = program.command(*arguments)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def _kill_when_changed(process: subprocess.Popen[bytes], look: Callable[[], int]) -> None:
    """Kill a process the moment that `look` has another answer, unless the process ends before."""
    before = look()
    until = time.monotonic() + _PATIENCE_SECONDS
    while look() == before and process.poll() is None and time.monotonic() < until:
        pass  # a switch is over in a few hundredths of a second: whoever sleeps misses it
    process.send_signal(signal.SIGKILL)
    process.wait()
