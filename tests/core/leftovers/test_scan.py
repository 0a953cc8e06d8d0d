"""A scan finds what is there once, looks only at what has a leftover's name, and says how much it saw."""

from __future__ import annotations

import os
import threading
import time

import pytest

from core import cleaning
from core.leftovers.identify import Leftover
from core.leftovers.judge import Advice, Reason
from core.leftovers.news import Coverage, Found
from core.progress import Cancelled, CancelToken, Meter
from tests.support.work import Work

LONG_AGO = 1_000_000_000


def scan(*roots: object) -> tuple[dict[str, Leftover], Coverage]:
    """Return what a scan finds, by name, and its coverage."""
    found: dict[str, Leftover] = {}
    coverage = Coverage()
    for news in cleaning.scan([str(root) for root in roots]):
        match news:
            case Found(leftovers):
                found.update((os.path.basename(one.path), one) for one in leftovers)
            case Coverage():
                coverage = news
    return found, coverage


def only(work: Work, name: str) -> Leftover:
    """Return the leftover with that name."""
    return scan(work.tree)[0][name]


def grow_old(work: Work, name: str) -> None:
    os.utime(work.tree / name, (LONG_AGO, LONG_AGO))


def test_each_is_told_with_what_it_belongs_to_and_how_it_compares(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old", "b~": "b", "deep/c": "c", "deep/c.orig": "c", "plain": ""})
    grow_old(work, "a.bak")
    found, coverage = scan(work.tree)
    assert {name: (one.same, one.reason) for name, one in found.items()} == {
        "a.bak": (False, Reason.OLDER),
        "b~": (None, Reason.ONLY_COPY),
        "c.orig": (True, Reason.TOO_NEW),
    }
    assert found["a.bak"].original == str(work.tree / "a")
    assert found["b~"].original == str(work.tree / "b")
    assert (coverage.folders, coverage.unreadable) == (2, 0)


def test_a_crash_in_the_middle_of_a_save_shows_the_backup_as_the_one_to_restore(work: Work) -> None:
    work.write({"settings.json": "", "settings.json.bak": "{}"})
    grow_old(work, "settings.json.bak")
    assert (only(work, "settings.json.bak").advice, only(work, "settings.json.bak").reason) == (
        Advice.RESTORE,
        Reason.ORIGINAL_EMPTY,
    )


def test_what_is_on_its_way_hides_behind_a_dot_and_still_finds_its_original(work: Work) -> None:
    work.write({"report.txt": "x", ".report.txt.tmp": "y", "cache.tmp": "z"})
    assert only(work, ".report.txt.tmp").original == str(work.tree / "report.txt")
    assert only(work, "cache.tmp").original == ""  # nobody can tell whether there ever was a "cache"


def test_an_editors_own_file_is_not_offered_as_a_version(work: Work) -> None:
    work.write({"a.c": "int x;", ".a.c.swp": "b0VIM 8.2"})
    swap = only(work, ".a.c.swp")
    assert (swap.original, swap.same, swap.advice, swap.reason) == ("", None, Advice.KEEP, Reason.EDITOR_FILE)


def test_a_lock_that_is_a_dangling_symlink_is_seen(work: Work) -> None:
    (work.tree / ".#a.txt").symlink_to("somebody@machine.4711:1700000000")
    assert only(work, ".#a.txt").reason is Reason.LOCK


def test_links_and_special_files_are_no_leftovers_to_act_on(work: Work) -> None:
    work.write({"a": "x", "a.bak": "x"})
    os.link(work.tree / "a.bak", work.tree / "other")
    (work.tree / "b.bak").symlink_to("a")
    os.mkfifo(work.tree / "c.bak")
    (work.tree / "d.bak").mkdir()
    found, _ = scan(work.tree)
    assert {name: (one.advice, one.reason) for name, one in found.items()} == {
        "a.bak": (Advice.KEEP, Reason.NOT_PLAIN),
        "b.bak": (Advice.KEEP, Reason.NOT_PLAIN),
    }


def test_an_original_behind_a_symlink_is_compared_where_it_is(work: Work) -> None:
    work.write({"real/a": "x", "a.bak": "x"})
    (work.tree / "a").symlink_to("real/a")
    assert only(work, "a.bak").same is True


def test_remains_of_a_batch_that_is_not_known_here_are_left_alone(work: Work) -> None:
    work.write({".~hf-abcdefghij-0": "x"})
    found = only(work, ".~hf-abcdefghij-0")
    assert (found.kind, found.txn, found.advice, found.reason) == (
        "own",
        "abcdefghij",
        Advice.PROTECTED,
        Reason.BATCH_UNKNOWN,
    )


def test_a_version_that_was_kept_in_sight_finds_the_file_it_is_a_version_of(work: Work) -> None:
    work.write({"a.txt": "x", "a (kept by Holdfast abcdefghij).txt": "y"})
    found = only(work, "a (kept by Holdfast abcdefghij).txt")
    assert (found.kind, found.txn, found.original) == ("own", "abcdefghij", str(work.tree / "a.txt"))
    assert (found.same, found.reason) == (False, Reason.KEPT_FOR_YOU)


def test_a_root_that_is_not_there_is_said_to_be_unreadable(work: Work) -> None:
    assert scan(work.tree / "nowhere") == ({}, Coverage(unreadable=1))


def test_only_what_looks_like_a_leftover_is_looked_at(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write({f"{number}.txt": "x" for number in range(200)} | {"1.txt~": "y"})
    looked: list[str] = []
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **how: (looked.append(str(path)), real(path, **how))[1])
    scan(work.tree)
    assert len([path for path in looked if str(work.tree) in path and path != str(work.tree)]) <= 3


def test_a_scan_counts_folders_as_it_goes_and_stops_when_told(work: Work) -> None:
    work.write({f"{number}/x.bak": "x" for number in range(2000)})
    meter, token = Meter(), CancelToken()
    timer = threading.Timer(0.02, token.cancel)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        for _ in range(1000):
            for _ in cleaning.scan([str(work.tree)], meter=meter, token=token):
                pass
    assert time.monotonic() - began < 1
    assert meter.files_done > 0
    timer.join()
