"""Another program replaces files all the while: what was not shown is never taken, and no parent is followed elsewhere."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from core import api, cleaning
from core.api import Committed
from core.cleaning import Leftover
from core.fs import walk
from core.leftovers.restore import Missing, NotRestorable
from tests.support.tried import Tried

FILES = 10


@contextmanager
def meddling(tree: Path, *, with_folders: bool) -> Iterator[None]:
    """Let another process write, replace, remove and make the leftovers anew until the end of the block."""
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            rng = random.Random(7)
            serial = 0
            while os.getppid() == parent:
                serial += 1
                _meddle(tree, rng, serial, with_folders=with_folders)
                time.sleep(rng.random() * 0.004)
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def _meddle(tree: Path, rng: random.Random, serial: int, *, with_folders: bool) -> None:
    path = tree / "sub" / f"{rng.randrange(FILES)}.bak"
    what = rng.randrange(5)
    try:
        if what == 4 and with_folders:
            (tree / "sub").rename(tree / "away")
            (tree / "sub").symlink_to(tree / "elsewhere")
            time.sleep(rng.random() * 0.004)
            (tree / "sub").unlink()
            (tree / "away").rename(tree / "sub")
        elif what < 2 and (path.parent / path.name).parent.is_dir() and not path.parent.is_symlink():
            path.write_text(f"meddled {serial:09}")
        elif what == 2:
            fresh = tree / "sub" / f"fresh{serial}"
            fresh.write_text(f"meddled {serial:09}")
            fresh.rename(path)
        else:
            path.unlink()
    except OSError:
        pass  # it was cleared in that moment


def shown(tree: Path) -> dict[str, tuple[Leftover, str]]:
    """Return the leftovers as they are shown, each with the content that belongs to that very identity."""
    found = {}
    for number in range(FILES):
        path = tree / "sub" / f"{number}.bak"
        before = walk.look(str(path))
        content = walk.head(str(path))
        try:
            one = cleaning.look(str(path))
        except OSError:  # the folder became a symlink, or none, in just that moment
            continue
        after = walk.look(str(path))
        if one is None or content is None or before is None or os.path.dirname(one.path) != str(tree / "sub"):
            continue
        if before == after and (one.ino, one.changed) == (before.ino, before.changed):
            found[one.path] = (one, content.decode())
    return found


def settle(state: Path) -> None:
    """Leave the last part of a batch to recovery, where a folder was away when it was over, once that is back."""
    until = time.monotonic() + 20
    while os.listdir(state / "journals") and time.monotonic() < until:
        api.recover_all()
    assert os.listdir(state / "journals") == []


def put_away(state: Path, txn: str) -> list[str]:
    """Take what a batch has put away out of the attic."""
    settle(state)
    folder = state / "attic" / f".~hf-{txn}"
    texts = sorted(path.read_text() for path in folder.iterdir()) if folder.exists() else []
    shutil.rmtree(folder, ignore_errors=True)
    return texts


def kept_in_sight(tree: Path, txn: str) -> int:
    """Count what somebody wrote into after it was taken, and was kept beside for that; the folder may be away just now."""
    for _ in range(100):
        for folder in ("sub", "away"):
            with suppress(OSError):
                handle = os.open(tree / folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
                found = os.listdir(handle)
                os.close(handle)
                return sum(f"kept by Holdfast {txn}" in name for name in found)
    raise AssertionError("the folder was never there")


def refill(tree: Path, serial: int) -> None:
    """Make what is missing."""
    for number in range(FILES):
        path = tree / "sub" / f"{number}.bak"
        try:
            folder = os.open(path.parent, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
        except OSError:
            continue
        with suppress(FileExistsError):
            handle = os.open(path.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, dir_fd=folder)
            os.write(handle, f"made {serial:012}".encode())
            os.close(handle)
        os.close(folder)


def clear_under_fire(tree: Path, state: Path, acts: int, tried: Tried, *, with_folders: bool) -> None:
    made, serial = 0, 0
    while made < acts:
        serial += 1
        refill(tree, serial)
        wanted = shown(tree)
        made += len(wanted)
        tried("clearing a file that another program may be replacing", len(wanted))
        cleared = cleaning.clear([cleaning.shown(one) for one, _ in wanted.values()])
        if isinstance(cleared.outcome, Committed) and cleared.outcome.txn:
            stayed = {one.path for one in cleared.left}
            expected = [text for path, (_, text) in wanted.items() if path not in stayed]
            taken = put_away(state, cleared.outcome.txn)
            assert set(taken) <= set(expected), (taken, expected)
            assert len(taken) + kept_in_sight(tree, cleared.outcome.txn) == len(expected), (taken, expected)
        else:
            settle(state)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("sub", "elsewhere"):
        (tmp_path / "tree" / folder).mkdir(parents=True)
        for number in range(FILES):
            (tmp_path / "tree" / folder / f"{number}").write_text("original")
            (tmp_path / "tree" / folder / f"{number}.bak").write_text(f"{folder} {number}")
    return tmp_path / "tree"


def elsewhere(tree: Path) -> list[str]:
    return sorted(path.read_text() for path in (tree / "elsewhere").glob("*.bak"))


@pytest.mark.parametrize("with_folders", [False, True])
@pytest.mark.parametrize("acts", [80, pytest.param(5_000, marks=[pytest.mark.full, pytest.mark.timeout(3600)])])
def test_what_was_not_shown_is_never_cleared(
    tree: Path, state: Path, tried: Tried, acts: int, with_folders: bool
) -> None:
    before = elsewhere(tree)
    with meddling(tree, with_folders=with_folders):
        clear_under_fire(tree, state, acts, tried, with_folders=with_folders)
    assert elsewhere(tree) == before


@pytest.mark.parametrize("with_folders", [False, True])
@pytest.mark.parametrize("acts", [30, pytest.param(5_000, marks=[pytest.mark.full, pytest.mark.timeout(3600)])])
def test_an_original_gets_the_content_that_was_shown_or_stays_as_it_is(
    tree: Path, state: Path, tried: Tried, acts: int, with_folders: bool
) -> None:
    handle = os.open(tree / "sub", os.O_RDONLY | os.O_DIRECTORY)  # the folder itself, wherever it is just now

    def content(number: str) -> str:
        with open(number, opener=lambda path, flags: os.open(path, flags, dir_fd=handle)) as file:
            return file.read()

    made, serial = 0, 0
    with meddling(tree, with_folders=with_folders):
        while made < acts:
            serial += 1
            refill(tree, serial)
            for path, (one, text) in shown(tree).items():
                made += 1
                tried("restoring from a file that another program may be replacing")
                number = os.path.basename(path).removesuffix(".bak")
                before = content(number)
                try:
                    outcome = api.apply(cleaning.restore_plan(one, path.removesuffix(".bak")))
                except (Missing, NotRestorable):
                    assert content(number) == before
                    continue
                settle(state)
                committed = isinstance(outcome, Committed)
                assert content(number) == (text if committed else before), outcome
                if committed and outcome.txn:
                    assert put_away(state, outcome.txn) == [before]
    os.close(handle)
    assert {path.read_text() for path in (tree / "elsewhere").glob("?")} == {"original"}
