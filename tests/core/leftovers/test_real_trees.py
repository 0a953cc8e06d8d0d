"""On trees that nobody made for a test, a month from now: what would be cleared unasked is of no use, each one checked."""

from __future__ import annotations

import filecmp
import os
import time
from pathlib import Path

import pytest

from core import cleaning
from core.cleaning import Leftover
from core.leftovers.judge import Reason
from core.leftovers.news import Found
from tests.support.tried import Tried

ROOTS = [path for path in ("/usr", "/etc", "/var/lib", "/opt", "/root", "/home", "/srv") if os.path.isdir(path)]


def packaged() -> set[str]:
    """Return the paths that packages have installed."""
    lists = Path("/var/lib/dpkg/info").glob("*.list")
    return {line for one in lists for line in one.read_text("utf-8", "replace").splitlines()}


def is_of_no_use(one: Leftover) -> bool:
    """Whether a look of our own, at the disk and nothing else, finds that no content goes with it."""
    if one.reason is Reason.SAME:
        return filecmp.cmp(one.path, one.original, shallow=False)
    if one.reason is Reason.TWIN:
        beside = (path for path in Path(one.path).parent.iterdir() if path.is_file() and str(path) != one.path)
        return any(filecmp.cmp(one.path, path, shallow=False) for path in beside)
    return one.size == 0


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("root", ROOTS)
def test_nothing_of_a_real_tree_is_cleared_unasked_that_is_nowhere_else(
    root: str, tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 30 * 86_400)
    found: list[Leftover] = []
    for news in cleaning.scan([root]):
        if isinstance(news, Found):
            found += news.leftovers
        elif news.folders:
            folders = news.folders
    chosen, _ = cleaning.preselected(found)
    tried(f"folders of {root}", folders)
    tried(f"leftovers in {root}", len(found))
    tried(f"leftovers in {root} that would be cleared unasked", len(chosen))
    ours = packaged()
    assert [one.path for one in chosen if not is_of_no_use(one)] == []
    assert [one.path for one in chosen if one.path in ours and one.reason is not Reason.SAME] == []
