"""The window is killed in every phase of a batch: what it changed is put back, and told of at the next start."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import memory
from core.history import State
from tests.support.headless import Headless
from tests.support.tree import snapshot
from tests.support.tried import Tried
from tests.support.work import Work

PHASES = ("check", "prepare", "switch", "finish", "put_back")
MANY = 8_000  # so that every phase lasts long enough to be told of, on a fast machine too
Start = Callable[..., Headless]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the program; nothing of it is left afterwards."""
    started: list[Headless] = []

    def begin(*paths: Path) -> Headless:
        started.append(Headless(*paths))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def plan(work: Work, folder: Path) -> Path:
    """Make many files, and a plan that changes all of them."""
    work.write({f"part{number % 20:02}/{number:05}.txt": "old\n" for number in range(MANY)})
    search = {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new"}
    path = folder / "plan.json"
    path.write_text(json.dumps({"holdfast": 1, "name": "the word", "operations": [search]}))
    return path


def die(start: Start, work: Work, folder: Path, how: str) -> None:
    """Apply the plan in a window that dies."""
    window = start(plan(work, folder))
    window.wait_for(("state", "READY"))
    assert window.ask(how) is True
    apply = f"Apply {MANY:,} changes in {MANY:,} files"
    window.wait_for((apply, None))
    window.ask(f"click:{apply}")
    assert window.process.wait(60) == -9


def texts(work: Work) -> set[str]:
    """Return what the files hold, each text once."""
    return {path.read_text() for path in work.tree.glob("*/*.txt")}


@pytest.mark.parametrize(
    "phase", ["switch", *(pytest.param(one, marks=pytest.mark.full) for one in PHASES if one != "switch")]
)
def test_what_a_killed_window_was_applying_is_put_back_and_told_of_at_the_next_start(
    start: Start, work: Work, tmp_path: Path, phase: str, tried: Tried
) -> None:
    die(start, work, tmp_path, f"die in:{phase}")
    window = start()
    _, news = window.wait_for(("news", None))
    became = [entry.state for entry in memory.history()]
    assert (
        news
        == "Holdfast was closed by force while “the word” was being applied. "
        + {
            (): "Nothing was changed.",
            (State.CANCELLED,): f"It was put back: {MANY:,} files are as before.",
            (
                State.APPLIED,
            ): f"It was complete already: {MANY:,} files have their new content. To take it back, undo it in History.",
        }[tuple(became)]
    )
    assert texts(work) == {"new\n" if became == [State.APPLIED] else "old\n"}
    window.close()
    later = start()
    later.wait_for(("state", "READY"), ("state", "EMPTY"))
    assert later.ask("news") is None  # it is told once
    tried("phases in which the window was killed")


@pytest.mark.full  # tests/journeys kills both in the middle, with a real screen
@pytest.mark.parametrize("phase", PHASES)
def test_what_was_killed_with_its_engine_waits_at_the_next_start_and_is_put_back(
    start: Start, work: Work, tmp_path: Path, phase: str, tried: Tried
) -> None:
    die(start, work, tmp_path, f"die with the engine in:{phase}")
    window = start()
    question, _ = window.wait_for(("page", "recovery"), ("news", None))
    if question == "page":
        window.wait_for(("click:Put all back", None))
        window.wait_for(("page", "batch"))
    assert texts(work) == {"new\n" if phase == "finish" else "old\n"}
    assert len(snapshot(work.tree)) == MANY + 20  # no side file is left
    tried("phases in which window and engine were killed")
