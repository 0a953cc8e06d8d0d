"""A watch beyond the kernel's limits: notices that are lost, and folders that it reports nothing of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.fs import walk
from core.leftovers.watch import Notices
from tests.support.tried import Tried
from tests.support.watching import Watching, hindrance, kernel_limit, share_of_a_core, watching
from tests.support.work import Work

needs_limits = pytest.mark.skipif(bool(hindrance()), reason=hindrance())


# Six changes and a name that is not UTF-8 in each round.
BURST = """
import os, sys
os.chdir(os.fsencode(sys.argv[1]))
for number in range(int(sys.argv[2])):
    name = b"%d" % number
    os.mkdir(b"d" + name)
    open(b"d" + name + b"/caf\\xe9.bak", "w").close()
    open(b"n" + name + b".tmp", "w").close()
    os.unlink(b"n" + name + b".tmp")
    os.rename(b"k%d.bak" % (number - 1) if number else b"known.bak", b"k" + name + b".bak")
    if number % 3 == 0:
        os.rename(b"d" + name, b"e" + name)
    if number % 3 == 1:
        os.unlink(b"d" + name + b"/caf\\xe9.bak")
        os.rmdir(b"d" + name)
"""


def burst(root: Path, number: int) -> None:
    subprocess.run([sys.executable, "-S", "-c", BURST, str(root), str(number)], check=True)


def leftovers_on_disk(root: Path) -> set[str]:
    return {str(path) for path in root.rglob("*") if path.suffix in (".bak", ".tmp")}


@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
def test_what_the_kernel_loses_is_found_all_the_same(work: Work) -> None:
    work.write({"known.bak": ""})
    with kernel_limit("max_queued_events", 32):
        now = Watching(work.tree)
        now.wait(lambda: now.coverage.live)
    try:
        burst(work.tree, 1500)
        now.wait(lambda: set(now.leftovers) == leftovers_on_disk(work.tree))
        folders = sum(path.is_dir() for path in work.tree.iterdir()) + 1
        now.wait(lambda: now.coverage.folders == now.coverage.watched == folders)
        work.write({"e0/late.bak": ""})  # in a folder that came while notices were lost
        now.wait(lambda: str(work.tree / "e0/late.bak") in now.leftovers)
    finally:
        now.stop()


@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
def test_after_a_loss_only_folders_in_which_names_came_or_went_are_read_again(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({f"{number}/a": "1" for number in range(300)})
    work.write({"7/a.bak": "2", "9/known.bak": ""})
    time.sleep(0.1)  # what has just changed might change again without a trace
    read: list[str] = []
    listing = walk.listing
    with kernel_limit("max_queued_events", 32):
        now = Watching(work.tree)
        now.wait(lambda: now.coverage.live)
    monkeypatch.setattr(walk, "listing", lambda path: (read.append(path), listing(path))[1])
    try:
        burst(work.tree / "9", 300)
        work.write({"7/a": "2"})  # no name comes or goes here, and yet the leftover is another one now
        now.wait(lambda: set(now.leftovers) == leftovers_on_disk(work.tree))
        now.wait(lambda: now.leftovers[str(work.tree / "7/a.bak")].same is True)
    finally:
        now.stop()
    assert not {str(work.tree / str(number)) for number in range(300) if number != 9}.intersection(read)


@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
@pytest.mark.parametrize("kept", ["mtime_ns", "changed_ns"])
def test_one_time_of_change_is_enough_where_a_file_system_keeps_no_other(
    work: Work, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    stamp = walk._stamp

    def poor(info: os.stat_result) -> walk.Stamp:
        return stamp(info)._replace(**{one: 0 for one in ("mtime_ns", "changed_ns") if one != kept})

    monkeypatch.setattr(walk, "_stamp", poor)
    work.write({f"{number}/plain": "x" for number in range(10)})
    with kernel_limit("max_user_watches", 3), watching(work.tree) as now:
        assert now.coverage.polled
        time.sleep(2.5)
        work.write({f"{number}/x{number}.bak": "x" for number in range(10)})
        now.wait(lambda: len(now.names) == 10)


@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
def test_folders_beyond_the_limit_on_watches_are_looked_at_from_time_to_time(work: Work) -> None:
    work.write({f"{number}/plain": "x" for number in range(40)})
    with kernel_limit("max_user_watches", 10), watching(work.tree) as now:
        assert now.coverage.folders == 41
        assert 0 < now.coverage.polled == 41 - now.coverage.watched
        for number in range(40):
            work.write({f"{number}/x{number}.bak": "x"})
        now.wait(lambda: len(now.names) == 40)
        work.write({"39/new/y.bak": ""})
        now.wait(lambda: "y.bak" in now.names)
        shutil.rmtree(work.tree / "39")
        (work.tree / "38/x38.bak").unlink()
        now.wait(lambda: len(now.names) == 38)


@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
def test_without_any_watch_everything_is_looked_at_from_time_to_time(work: Work) -> None:
    with kernel_limit("max_user_instances", 0):
        now = Watching(work.tree)
        now.wait(lambda: now.coverage.polled == 1)
    try:
        assert (now.coverage.watched, now.coverage.live) == (0, False)
        work.write({"x.bak": ""})
        now.wait(lambda: now.names == {"x.bak"})
    finally:
        now.stop()


def left_by_the_burst(root: Path, rounds: int) -> set[str]:
    """Name what is there after it, without looking."""
    folders = {0: "e", 2: "d"}
    name = os.fsdecode(b"caf\xe9.bak")
    left = {str(root / f"{folders[at % 3]}{at}" / name) for at in range(rounds) if at % 3 in folders}
    return left | {str(root / f"k{rounds - 1}.bak")}


@pytest.mark.full
@pytest.mark.alone  # the limit is the whole machine's
@needs_limits
@pytest.mark.timeout(900)
def test_twenty_thousand_folders_and_a_burst_beyond_the_queue(
    work: Work, tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, losses = 20_000, []
    heard = Notices.on_queue_overflow
    monkeypatch.setattr(Notices, "on_queue_overflow", lambda one: (losses.append(1), heard(one))[1])
    for outer in range(200):
        for inner in range(100):
            os.makedirs(work.tree / str(outer) / str(inner))
    work.write({"known.bak": ""})
    # A queue that is too short also where the burst is slow. It keeps the length that it is made with.
    with kernel_limit("max_queued_events", 512):
        now = Watching(work.tree)
        now.wait(lambda: now.coverage.folders)
    try:
        now.wait(lambda: now.coverage.live, 300)
        first_look = now.cpu_seconds()
        assert now.coverage.watched == now.coverage.folders == 20_201
        burst(work.tree, rounds)
        wanted, before = left_by_the_burst(work.tree, rounds), now.cpu_seconds()
        wall = now.wait(lambda: len(now.leftovers) == len(wanted) and set(now.leftovers) == wanted, 600)
        settled = now.cpu_seconds() - before  # what else the machine does meanwhile makes no difference to that
        assert losses, "the kernel lost nothing, so nothing was tried"
        assert wanted == leftovers_on_disk(work.tree)
        lost, folders = len(losses), sum(len(inner) for _, inner, _ in os.walk(work.tree)) + 1
        now.wait(lambda: now.coverage.folders == now.coverage.watched == folders, 60)
        now.wait(lambda: share_of_a_core(now, 1) < 0.02, 120)  # what was left of the notices is worked off
        idle = share_of_a_core(now, 3)
        assert len(losses) == lost, "healing it has lost notices again"
        work.write({"199/99/late.bak": ""})
        late = now.wait(lambda: "late.bak" in now.names, 60)
    finally:
        stopped = now.stop()
    figures = f"settled after {wall:.1f} s, {settled / first_look:.0f} first looks; then {idle:.2%} of a core"
    tried(f"changes in a burst with {lost} losses: 0 missing, 0 ghosts, {figures}", 6 * rounds)
    assert settled < 20 * first_look
    assert idle < 0.02
    if os.getloadavg()[0] < (os.cpu_count() or 1):  # seconds mean something only on a machine that has time
        assert wall < 2
        assert late < 1
        assert stopped < 2
