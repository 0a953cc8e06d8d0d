"""A folder that is deleted goes with all that was previewed in it, and with nothing that anybody saved there since."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api, memory
from core.api import Committed, Reason, RolledBack
from core.history import Limits
from tests.support import stopping
from tests.support.stopping import StoppingFileSystem
from tests.support.work import Json, Work, plan_file

DELETE: Json = {"op": "delete", "path": "whole"}
FILES: dict[str, str | bytes] = {"whole/x": "old", "whole/deep/y": "old", "other": "other"}
OLD = Limits(age=1e-9)


def in_place(tree: Path) -> None:
    (tree / "whole/deep/y").write_text("mine")


def unnoticeably(tree: Path) -> None:
    """As many bytes, and the time as before: only because the file is fresh it can be told."""
    path = tree / "whole/x"
    before = path.stat()
    path.write_text("new")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def by_renaming(tree: Path) -> None:
    (tree / "draft").write_text("old")
    os.utime(tree / "draft", ns=((tree / "whole/x").stat().st_atime_ns, (tree / "whole/x").stat().st_mtime_ns))
    (tree / "draft").rename(tree / "whole/x")


def another_file(tree: Path) -> None:
    (tree / "whole/deep/more").write_text("mine")


def delete(tree: Path) -> None:
    (tree / "whole/deep/y").unlink()


@pytest.mark.parametrize("change", [in_place, unnoticeably, by_renaming, another_file, delete])
@pytest.mark.parametrize("undo", [True, False])
def test_what_was_changed_in_it_since_the_preview_is_a_conflict(
    work: Work, undo: bool, change: Callable[[Path], None]
) -> None:
    work.write(FILES)
    plan = work.plan(DELETE)
    change(work.tree)
    before = work.snapshot()

    outcome = api.apply(plan, undo=undo)

    assert isinstance(outcome, RolledBack)
    assert outcome.reason is Reason.CONFLICT
    assert work.snapshot() == before


@pytest.mark.parametrize("undo", [True, False])
def test_what_is_saved_in_it_while_it_goes_stays_in_sight(work: Work, undo: bool) -> None:
    work.write(FILES)
    plan = work.plan(DELETE)
    with (work.tree / "whole/deep/y").open("r+") as file:

        def save(_: object) -> None:
            file.write("newest")
            file.flush()

        outcome = api.apply(plan, undo=undo, told=save)

    assert isinstance(outcome, Committed)
    (kept,) = outcome.kept
    assert (Path(kept) / "deep/y").read_text() == "newest"
    assert (Path(kept) / "x").read_text() == "old"


def test_what_leaves_it_in_the_same_batch_is_no_change(work: Work) -> None:
    work.write(FILES | {"whole/deep/z": "goes on", "whole/gone": "g"})
    outcome = work.apply(
        {"op": "move", "path": "whole/deep/z", "to": "z"},
        {"op": "delete", "path": "whole/gone"},
        {"op": "move", "path": "whole/x", "to": "made/x"},
        DELETE,
        {"op": "create", "path": "whole/new", "text": "new"},
    )
    assert isinstance(outcome, Committed), outcome
    assert (work.texts(), outcome.kept) == (
        {"z": "goes on", "made/x": "old", "whole/new": "new", "other": "other"},
        (),
    )
    assert isinstance(api.apply(memory.undo_plan(outcome.txn)), Committed)
    assert work.texts() == {name: str(text) for name, text in FILES.items()} | {
        "whole/deep/z": "goes on",
        "whole/gone": "g",
    }


def test_what_is_put_into_it_after_it_was_put_away_is_not_dropped_with_it(work: Work, state: Path) -> None:
    work.write(FILES)
    outcome = work.apply(DELETE)
    assert isinstance(outcome, Committed)
    (held,) = (path.parent for path in state.rglob("x") if path.parent.name.startswith(".~hf"))
    shutil.copy2(held / "x", held / "deep/late")  # as old as the original, so that no time tells

    (done,) = memory.expire(OLD)

    (kept,) = done.kept
    assert (Path(kept) / "deep/late").read_text() == "old"
    assert Path(kept).parent == work.tree


@pytest.mark.parametrize("undo", [[], ["--no-undo"]])
def test_killed_at_any_call_it_is_there_or_gone_and_never_in_part(work: Work, state: Path, undo: list[str]) -> None:
    words = ["apply", "", "--yes", *undo, "--state-dir", str(state)]
    seen, point = set(), 0
    while True:
        point += 1
        shutil.rmtree(work.tree)
        work.tree.mkdir()
        work.write(FILES)
        before = work.texts()
        words[1] = str(plan_file(work, [DELETE]))
        code = stopping.run(words, StoppingFileSystem(point, stopping.die))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert stopping.run(["recover", "--state-dir", str(state)]) == 0
        assert work.texts() in (before, {"other": "other"}), point
        seen.add(len(work.texts()))
    assert seen == {1, 3}
    assert work.texts() == {"other": "other"}
