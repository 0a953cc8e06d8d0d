"""Overlays: folders of a lower layer stay where they are, and layers on several disks give numbers that do not last."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import api
from core import memory as past
from core.api import Committed
from core.errors import ProblemCode
from core.fs.real import RealFileSystem
from tests.support import stopping
from tests.support.disks import hindrance
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work, plan_file

BELOW = {"edited": "old", "gone": "gone", "moved": "moved", "image/file": "in the image", "both/file": "in the image"}
OPERATIONS: list[Json] = [
    {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
    {"op": "edit", "path": "image/file", "find": "in", "replace": "not in"},
    {"op": "move", "path": "moved", "to": "made/moved"},
    {"op": "move", "path": "fresh", "to": "renamed"},
    {"op": "delete", "path": "gone"},
    {"op": "create", "path": "both/new", "text": "new"},
]
BEFORE = {**BELOW, "both/mine": "above", "fresh/file": "above"}
AFTER = {
    "edited": "new",
    "image/file": "not in the image",
    "made/moved": "moved",
    "renamed/file": "above",
    "both/file": "in the image",
    "both/mine": "above",
    "both/new": "new",
}


@dataclass
class Stack:
    """An overlay at `tree` over `lower`, which may lie on another disk than the layer above it."""

    folder: Path
    lower: Path
    options: str = ""

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def work(self) -> Work:
        return Work(self.tree)

    def texts(self) -> dict[str, str]:
        """Return the content of every file, but what the attic at the top holds."""
        return {name: text for name, text in self.work.texts().items() if not name.startswith(".holdfast-attic")}

    @contextmanager
    def mounted(self) -> Iterator[None]:
        layers = f"lowerdir={self.lower},upperdir={self.folder}/upper,workdir={self.folder}/work{self.options}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.tree], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", self.tree], check=True)

    def reset(self) -> None:
        """Begin with what the image has, and a little above it; to be done while it is not mounted."""
        for layer in ("upper", "work"):
            shutil.rmtree(self.folder / layer, ignore_errors=True)
            (self.folder / layer).mkdir()
        with self.mounted():
            self.work.write({"both/mine": "above", "fresh/file": "above"})


@pytest.fixture(params=["one disk", "two disks"])
def stack(request: pytest.FixtureRequest, memory: Path, tmp_path: Path) -> Iterator[Stack]:
    if reason := hindrance("ext4"):
        pytest.skip(reason)
    if request.param == "two disks" and memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is only one disk here")
    found = Stack(memory, (memory if request.param == "one disk" else tmp_path) / "lower", ",redirect_dir=off,xino=off")
    found.tree.mkdir()
    Work(found.lower).write(BELOW)  # type: ignore[arg-type]
    found.reset()
    yield found


def test_a_folder_of_a_lower_layer_is_a_problem_in_the_preview(stack: Stack) -> None:
    with stack.mounted():
        for name in ("image", "both"):
            with pytest.raises(OSError, match="cross-device"):
                os.rename(stack.tree / name, stack.tree / "elsewhere")
            for operation in ({"op": "move", "path": name, "to": "elsewhere"}, {"op": "delete", "path": name}):
                assert stack.work.problems(operation) == [(0, ProblemCode.LAYERED)]
        assert stack.work.problems({"op": "move", "path": "fresh", "to": "elsewhere"}) == []
        assert isinstance(stack.work.apply({"op": "delete", "path": "fresh"}), Committed)


def test_a_folder_of_a_lower_layer_is_moved_where_the_overlay_notes_where_it_was(stack: Stack) -> None:
    stack.options = stack.options.replace("redirect_dir=off", "redirect_dir=on")
    with stack.mounted():
        assert isinstance(stack.work.apply({"op": "move", "path": "image", "to": "elsewhere"}), Committed)
        assert (stack.tree / "elsewhere/file").read_text() == "in the image"


def test_numbers_that_do_not_last_are_known_for_that(stack: Stack) -> None:
    numbers: list[tuple[int, int]] = []
    lasting: set[bool] = set()
    for _ in range(2):
        with stack.mounted():
            fs = RealFileSystem()
            folder = fs.open_folder(str(stack.tree / "both"))
            seen = (fs.fstat(folder), fs.stat(folder, "file"), fs.stat(folder, "mine"))
            fs.close(folder)
            lasting.update(stat.lasts for stat in seen)
            numbers.append((seen[0].ino, seen[1].ino))
        with stack.mounted():  # numbers that are given out anew are others the next time
            list(stack.tree.rglob("*"))
    assert lasting == {stack.lower.is_relative_to(stack.folder)}
    assert (len(set(numbers)) == 1) or lasting == {False}


def kill_at(stack: Stack, state: Path, number: int, tried: Tried) -> None:
    with stack.mounted():
        plan = plan_file(stack.work, OPERATIONS)
        apply = ["apply", str(plan), "--yes", "--state-dir", str(state)]
        total = stopping.count(apply)
        assert stack.texts() == AFTER
    seen = set()
    for point in spread(range(1, total + 1), number):
        stack.reset()
        with stack.mounted():
            assert stopping.run(apply, StoppingFileSystem(point, stopping.die_half_way)) == -signal.SIGKILL
        with stack.mounted():
            assert stopping.run(["recover", "--state-dir", str(state)]) == 0, f"killed at call {point}"
            found = stack.texts()
            assert found in (BEFORE, AFTER), f"killed at call {point}"
            assert not [name for name in os.listdir(stack.tree) if name.startswith(".~hf")], f"killed at call {point}"
            seen.add(found == AFTER)
        tried("SIGKILL at a call of apply on an overlay, which is mounted anew before recovery")
    assert seen == {True, False}


def test_killed_at_a_call_and_mounted_anew_it_recovers_to_before_or_after(
    stack: Stack, state: Path, tried: Tried
) -> None:
    kill_at(stack, state, 12, tried)


@pytest.mark.full
def test_killed_at_any_call_and_mounted_anew_it_recovers_to_before_or_after(
    stack: Stack, state: Path, tried: Tried
) -> None:
    kill_at(stack, state, 1000, tried)


def test_a_batch_is_undone_after_the_overlay_was_mounted_anew(stack: Stack) -> None:
    with stack.mounted():
        outcome = stack.work.apply(*OPERATIONS)
        assert isinstance(outcome, Committed)
    with stack.mounted():
        plan = past.undo_plan(outcome.txn)
        assert plan.problems == []
        assert isinstance(api.apply(plan), Committed)
        assert stack.texts() == BEFORE
