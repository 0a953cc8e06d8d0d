"""`holdfast demo`: shows on a real tree what Holdfast promises, and proves it. Touches nothing of the user's.

A copy of the Python standard library's sources is changed as a batch; then a batch is cancelled half-way, and one is
killed half-way and recovered. What the tree is afterwards is compared by digest each time.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import app
from app import texts
from app.cli import output, stopping
from core import api
from core.fs import trees
from core.progress import Cancelled, CancelToken, Meter, Phase

_WORDS = ("import", "fetch")
_SHOWN_LINES = 9
_ATTEMPTS = 10
_PATIENCE_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--keep", action="store_true", help="keep the folder that it works in")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Run the demonstration; 0 when every proof held, 3 when one did not."""
    with trees.temporary(keep=options.keep) as folder:
        try:
            demo = Demo(folder, json_lines=options.json)
            demo.run()
        except Cancelled:
            output.complain("Stopped. Only copies in a temporary folder were changed.")
            return stopping.exit_code()
        kept = f" It is kept: {folder}" if options.keep else ""
        demo.tell("outcome", f"Everything was as promised.{kept}" if demo.held else "A promise was broken.")
    return 0 if demo.held else 3


@dataclass(slots=True)
class _Step:
    """What one step is called, and when it began."""

    name: str
    began: float


class Demo:
    """The steps, each told with its time. `held` says whether everything was as promised so far."""

    def __init__(self, folder: str, *, json_lines: bool) -> None:
        self.held = True
        self._json = json_lines
        self._tree, self._state = os.path.join(folder, "tree"), os.path.join(folder, "state")
        self._folder = folder
        self._plans = 0
        self._token = CancelToken(stopping.is_waiting)
        self._step = _Step("copy", time.monotonic())
        self._paths: list[str] = []

    def run(self) -> None:
        """Do all of it."""
        self._paths = trees.copy_of_python_sources(self._tree)
        self.tell(
            "copy", f"Copied the sources of Python: {texts.count(len(self._paths), 'file', 'files')} in {self._tree}"
        )
        self._apply()
        self._cancel()
        self._kill()

    def tell(self, step: str, text: str) -> None:
        """Say what was done, and how long it took since the last time."""
        seconds = time.monotonic() - self._step.began
        self._step = _Step(step, time.monotonic())
        if self._json:
            output.emit(step, text=text, seconds=round(seconds, 3), held=self.held)
        else:
            output.say(f"{seconds:6.2f} s  {text}")
        sys.stdout.flush()

    # the steps

    def _apply(self) -> None:
        plan = api.read_plan(self._write_plan(*_WORDS), token=self._token)
        files, matches = texts.count(plan.files, "file", "files"), texts.count(plan.matches, "change", "changes")
        self.tell(
            "plan", f"Planned: “{_WORDS[0]}” becomes “{_WORDS[1]}”, {matches} in {files}. Nothing is written yet."
        )
        if not self._json:
            self._show_beginning(plan)
        self.tell("preview", "Previewed all of it as a unified diff.")
        expected = len(trees.holding(self._paths, _WORDS[0]))
        outcome = api.apply(plan, name="demo", state=self._state, token=self._token)
        done = isinstance(outcome, api.Committed) and outcome.files == plan.files == expected
        self._prove(
            "apply",
            f"Applied to {files}, as one: durable, and no file holds the old word any more.",
            done and not trees.holding(self._paths, _WORDS[0]),
        )

    def _cancel(self) -> None:
        before = trees.picture(self._tree)
        plan = api.read_plan(self._write_plan(*reversed(_WORDS)), token=self._token)
        self.tell("plan", f"Planned the way back: {texts.count(plan.files, 'file', 'files')}.")
        meter = Meter()

        def half_way() -> bool:
            return meter.sample().phase is Phase.SWITCH and 2 * meter.files_done >= plan.files

        outcome = api.apply(plan, name="demo", state=self._state, meter=meter, token=CancelToken(half_way))
        cancelled = isinstance(outcome, api.RolledBack) and outcome.reason is api.Reason.CANCELLED
        is_as_before = trees.picture(self._tree) == before
        self._prove("cancel", "Cancelled it half-way: every file is as it was, by digest.", cancelled and is_as_before)

    def _kill(self) -> None:
        words = tuple(reversed(_WORDS))
        for _ in range(_ATTEMPTS):
            before = trees.picture(self._tree)
            middle = trees.holding(self._paths, words[0])
            self._kill_half_way(self._write_plan(*words), middle[len(middle) // 2])
            waiting = api.pending(self._state)
            if waiting and waiting[0].state == "switching" and 0 < waiting[0].switched < waiting[0].files:
                break
            api.recover_all(self._state)  # it was through already, or had not begun: once more, from what is there now
            if trees.picture(self._tree) != before:
                words = words[1], words[0]
        else:
            self._prove("kill", f"Killed it with SIGKILL half-way, in one of {_ATTEMPTS} attempts.", False)
            return
        switched, files = waiting[0].switched, texts.count(waiting[0].files, "file", "files")
        is_between = trees.picture(self._tree) != before
        self._prove("kill", f"Killed it with SIGKILL half-way: {switched:,} of {files} had new content.", is_between)
        done = api.recover_all(self._state)
        recovered = [one.result for one in done] == [api.Result.PUT_BACK]
        is_as_before = trees.picture(self._tree) == before and not api.pending(self._state)
        self._prove("recover", "Recovered: every file is as it was, by digest.", recovered and is_as_before)

    # what they need

    def _write_plan(self, find: str, replacement: str) -> str:
        self._plans += 1
        path = os.path.join(self._folder, f"plan-{self._plans}.json")
        operations = [{"op": "edit", "path": path, "find": find, "replace": replacement} for path in self._paths]
        trees.write(path, json.dumps({"holdfast": 1, "name": "demo", "operations": operations}))
        return path

    def _show_beginning(self, plan: api.Plan) -> None:
        for number, line in enumerate(api.preview_lines(plan)):
            self._token.check()
            if number < _SHOWN_LINES:
                output.say(f"          {line}")

    def _kill_half_way(self, plan: str, middle: str) -> None:
        """Apply a plan in a process of its own, and kill that when the middle one of its files is switched."""
        before = trees.inode(middle)
        root = os.path.dirname(os.path.dirname(os.path.abspath(app.__file__)))
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-m", "app", "apply", plan, "--yes", "--state-dir", self._state],
            env={**os.environ, "PYTHONPATH": root},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE_SECONDS
        while process.poll() is None and trees.inode(middle) == before and time.monotonic() < until:
            self._token.check()
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _prove(self, step: str, promise: str, holds: bool) -> None:  # noqa: FBT001 - it is what was found
        self.held = self.held and holds
        self.tell(step, promise if holds else f"NOT AS PROMISED: {promise}")
