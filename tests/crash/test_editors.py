"""Editors go on saving: between any two calls, between a move and its verification, between a crash and its recovery.

Whatever they do, no byte of theirs is lost, and all the other files are as before the batch or as after it.
`tests.core.txn.test_other_programs` knows which of two versions gets the name; here every call counts, and every way of
saving.
"""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.fs.api import FileSystem
from core.fs.real import RealFileSystem
from tests.support import stopping
from tests.support.bench import Bench
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import Snapshot, difference, snapshot
from tests.support.trials import trials
from tests.support.tried import Tried

THEIRS = b"THEIRS, and nobody else's\n"
EVERY = frozenset(verb for verb in vars(FileSystem) if not verb.startswith("_"))
# What is done by these concerns the journal and side files alone in this batch, and looks at no name: a save before such
# a call is one before the next that is not.
BLIND = frozenset({"close", "lock", "read_at", "sync_file", "sync_folder", "truncate", "volume", "write"})
MOVING = frozenset({"exchange", "rename", "link", "unlink", "replace"})


def in_place(path: Path) -> None:
    path.write_bytes(THEIRS)


def by_renaming(path: Path) -> None:
    draft = path.with_name("draft of an editor")
    draft.write_bytes(THEIRS)
    draft.rename(path)


def create(path: Path) -> None:
    with path.open("xb") as file:
        file.write(THEIRS)


def delete(path: Path) -> None:
    path.unlink()


# (what is done, to which file): each kind of step has its file, and so has each name that a step takes.
SAVES = [
    *((how, name) for how in (in_place, by_renaming) for name in ("small.txt", "code.py", "sub/wanders.txt", "left")),
    *((how, "sub/gone.txt") for how in (in_place, by_renaming, delete)),
    *((how, name) for how in (in_place, delete) for name in ("folder/inner.txt", "whole/of/it/x")),
    *((create, name) for name in ("other/arrived.txt", "made", "tmp", "whole")),
    *((delete, name) for name in ("code.py", "sub/wanders.txt", "right")),
]
IDS = [f"{name} {how.__name__}" for how, name in SAVES]
# Where a file that was saved may have gone along with a step.
GOES_TO = {"sub/wanders.txt": "other/arrived.txt", "left": "right", "right": "left"}


@dataclass
class Editor:
    """The real file system; just before call `at` after planning an editor saves. `verbs`: all calls after planning.

    `real` is where the checker of the order looks, so that its looks are not counted.
    """

    at: int
    save: Callable[[], object]
    verbs: list[str] = field(default_factory=list)
    saved: bool = False
    _planned: bool = False

    def __post_init__(self) -> None:
        self.real = RealFileSystem()

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self.real, verb)
        if verb not in EVERY:
            return method

        def counted(*arguments: object, **options: object) -> object:
            self._planned = self._planned or verb == "create"  # the journal's file: planning is over
            if self._planned:
                self.verbs.append(verb)
                if len(self.verbs) == self.at:
                    self.saved = attempt(self.save)
            return method(*arguments, **options)

        return counted


def attempt(save: Callable[[], object]) -> bool:
    """Save; False where no editor could: the folder or the file is not there (any more), or there is one already."""
    try:
        save()
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EEXIST, errno.EISDIR, errno.ENOTDIR):
            raise
        return False
    return True


def judge(bench: Bench, name: str, wanted: list[Snapshot], *, theirs: bool) -> None:
    """Demand their bytes, and that everything but the file they are about is as wanted."""
    found = snapshot(bench.tree)
    contents = {path: (bench.tree / path.decode()).read_bytes() for path, row in found.items() if row[0] == "file"}
    assert not theirs or THEIRS in contents.values(), "their bytes are lost"
    assert not [path for path in found if b".~hf-" in path], sorted(found)
    own = {path for path, content in contents.items() if content == THEIRS or b"kept by Holdfast" in path}
    own |= {part.encode() for part in (name, GOES_TO.get(name, name))}
    own |= {b"made/renamed/inner.txt"} if name == "folder/inner.txt" else set()
    # A folder stays where something of theirs came into it meanwhile.
    own |= {folder for path in own for folder in above(path) if found.get(folder, ("",))[0] == "folder"}
    rest, *others = [{path: row for path, row in one.items() if not is_own(path, own)} for one in (found, *wanted)]
    assert rest in others, "\nor\n".join(difference(rest, one) for one in others)


def is_own(path: bytes, own: set[bytes]) -> bool:
    """Whether a path is about their file; a folder whose name they took is kept whole, under a name in sight."""
    taken = {name for name in own if name == b"whole"}
    return path in own or b"kept by Holdfast" in path or any(folder in taken for folder in above(path))


def above(path: bytes) -> list[bytes]:
    parts = path.split(b"/")
    return [b"/".join(parts[:number]) for number in range(1, len(parts))]


def saved_at(bench: Bench, how: Callable[[Path], None], name: str, points: list[int], tried: Tried) -> None:
    with trials(tried) as trial:
        for point in points:
            bench.reset()
            editor = Editor(point, lambda: how(bench.tree / name))
            code, saved = stopping.ask(bench.apply, editor, lambda editor=editor: editor.saved)
            if not saved:
                continue
            with trial.one("an editor saves at a call of apply", f"{name}, {how.__name__}, before call {point}"):
                assert code in (0, 1, 3), f"exit {code}"
                if code != 3:
                    wanted = bench.after if code == 0 else bench.before
                    judge(bench, name, [wanted], theirs=how is not delete)
                assert stopping.run(bench.recover) == 0
                judge(bench, name, [bench.before, bench.after], theirs=how is not delete)
                assert bench.unfinished() == []


def calls(bench: Bench) -> list[str]:
    """Return the verbs of all calls after planning."""
    bench.reset()
    editor = Editor(0, lambda: None)
    _, verbs = stopping.ask(bench.apply, editor, lambda: editor.verbs)
    return list(verbs)


@pytest.mark.parametrize(("how", "name"), SAVES, ids=IDS)
def test_what_an_editor_saves_around_a_move_is_not_lost(
    bench: Bench, tried: Tried, how: Callable[[Path], None], name: str
) -> None:
    verbs = calls(bench)
    around = [number + later for number, verb in enumerate(verbs, 1) if verb in MOVING for later in (0, 1)]
    points = spread(sorted(set(around)), 8) + spread(range(1, len(verbs)), 2)
    saved_at(bench, how, name, [1, *points], tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("how", "name"), SAVES, ids=IDS)
def test_what_an_editor_saves_between_any_two_calls_is_not_lost(
    bench: Bench, tried: Tried, how: Callable[[Path], None], name: str
) -> None:
    points = [number for number, verb in enumerate(calls(bench), 1) if verb not in BLIND]
    saved_at(bench, how, name, points, tried)


def saved_after_death(bench: Bench, how: Callable[[Path], None], name: str, most: int, tried: Tried) -> None:
    bench.reset()
    deaths = range(1, stopping.count(bench.apply) + 1)
    with trials(tried) as trial:
        for death in spread(deaths, most):
            bench.reset()
            assert stopping.run(bench.apply, StoppingFileSystem(death, stopping.die)) == -signal.SIGKILL
            if not attempt(lambda: how(bench.tree / name)):
                continue
            with trial.one("an editor saves between kill and recover", f"{name}, {how.__name__}, killed at {death}"):
                assert stopping.run(bench.recover) == 0
                judge(bench, name, [bench.before, bench.after], theirs=how is not delete)
                assert bench.unfinished() == []


@pytest.mark.parametrize(("how", "name"), SAVES, ids=IDS)
def test_what_an_editor_saves_after_a_crash_is_not_lost(
    bench: Bench, tried: Tried, how: Callable[[Path], None], name: str
) -> None:
    saved_after_death(bench, how, name, 5, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("how", "name"), SAVES, ids=IDS)
def test_what_an_editor_saves_after_a_crash_anywhere_is_not_lost(
    bench: Bench, tried: Tried, how: Callable[[Path], None], name: str
) -> None:
    saved_after_death(bench, how, name, 1_000_000, tried)
