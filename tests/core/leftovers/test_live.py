"""A watch sees what comes, changes and goes, whatever happens to folders and to the kernel's notices meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from core import cleaning
from core.leftovers.judge import Advice, Reason
from core.leftovers.news import Found
from tests.support.watching import Watching, share_of_a_core, watching
from tests.support.work import Work


def test_what_comes_and_goes_is_said_within_a_second(work: Work) -> None:
    work.write({"sub/a": "a"})
    with watching(work.tree) as now:
        assert (now.coverage.folders, now.coverage.watched, now.coverage.live) == (2, 2, True)
        work.write({"sub/a.bak": "b"})
        assert now.wait(lambda: now.names == {"a.bak"}) < 1
        (work.tree / "sub/a.bak").rename(work.tree / "sub/a~")
        assert now.wait(lambda: now.names == {"a~"}) < 1
        (work.tree / "sub/a~").unlink()
        assert now.wait(lambda: not now.names) < 1


def test_a_leftover_is_judged_anew_when_it_or_its_original_changes(work: Work) -> None:
    work.write({"a": "1", "a.bak": "2"})
    path = str(work.tree / "a.bak")
    with watching(work.tree) as now:
        assert now.leftovers[path].same is False
        work.write({"a": "2"})
        now.wait(lambda: now.leftovers[path].same is True)
        (work.tree / "a").unlink()
        now.wait(lambda: now.leftovers[path].reason is Reason.ONLY_COPY)
        (work.tree / "a").mkdir()
        now.wait(lambda: now.leftovers[path].reason is Reason.NO_ORIGINAL)
        work.write({"a.bak": "longer"})
        now.wait(lambda: now.leftovers[path].size == 6)
        os.utime(path, (1000, 1000))
        now.wait(lambda: now.leftovers[path].mtime == 1000)


def test_saving_by_a_file_that_is_renamed_at_once_leaves_nothing_to_see(work: Work) -> None:
    work.write({"a": "0"})
    seen: set[str] = set()
    with watching(work.tree) as now:
        for number in range(100):
            work.write({"a.tmp": str(number)})
            (work.tree / "a.tmp").rename(work.tree / "a")
            seen |= now.names
        work.write({"end.bak": ""})
        now.wait(lambda: now.names == {"end.bak"})
    assert not seen


def test_a_file_that_waits_for_its_rename_most_of_the_time_is_not_shown_before_that(work: Work) -> None:
    work.write({"a": "0"})
    seen: set[str] = set()
    longest = 0.0
    with watching(work.tree) as now:
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            began = time.monotonic()
            work.write({"a.tmp": "half"})
            time.sleep(0.02)
            (work.tree / "a.tmp").rename(work.tree / "a")
            longest = max(longest, time.monotonic() - began)
            seen |= now.names
        work.write({"end.bak": ""})
        now.wait(lambda: now.names == {"end.bak"})
    # What stood there for longer, since the machine was busy, may be shown.
    assert not seen or longest > 0.1


def test_folders_that_come_bring_their_leftovers_and_folders_that_go_take_them(work: Work, tmp_path: Path) -> None:
    work.write({"here/deep/x.bak": "x"})
    Work(tmp_path / "outside").write({"deep/y.bak": "y"})
    with watching(work.tree) as now:
        (tmp_path / "outside").rename(work.tree / "came")
        now.wait(lambda: now.names == {"x.bak", "y.bak"})
        (work.tree / "here").rename(tmp_path / "went")
        now.wait(lambda: now.names == {"y.bak"})
        (work.tree / "came").rename(work.tree / "renamed")
        now.wait(lambda: list(now.leftovers) == [str(work.tree / "renamed/deep/y.bak")])
        work.write({"renamed/deep/z.bak": "z"})
        now.wait(lambda: now.names == {"y.bak", "z.bak"})
        assert str(work.tree / "renamed/deep/z.bak") in now.leftovers
        shutil.rmtree(work.tree / "renamed")
        now.wait(lambda: not now.names and now.coverage.folders == now.coverage.watched == 1)


def test_what_goes_away_and_comes_back_as_another_folder_is_watched_again(work: Work) -> None:
    work.write({"sub/x.bak": "x"})
    with watching(work.tree) as now:
        for number in range(20):
            shutil.rmtree(work.tree / "sub")
            work.write({f"sub/{number}.bak": "y"})
        now.wait(lambda: now.names == {"19.bak"})
        work.write({"sub/z.bak": "z"})
        now.wait(lambda: now.names == {"19.bak", "z.bak"})


def test_nothing_is_missed_in_folders_that_are_made_and_filled_at_once(work: Work) -> None:
    with watching(work.tree) as now:
        for number in range(300):
            work.write({f"{number}/a/b/{number}.bak": "x"})
        now.wait(lambda: len(now.leftovers) == 300)
        now.wait(lambda: now.coverage.folders == now.coverage.watched == 901)


@pytest.mark.parametrize("names", [("site", "old-site"), ("site", "site-old")])
def test_a_folder_that_moved_is_watched_though_another_one_has_its_name(work: Work, names: tuple[str, str]) -> None:
    name, other = names
    work.write({f"{name}/plain": ""})
    with watching(work.tree) as now:
        (work.tree / name).rename(work.tree / other)
        (work.tree / name).mkdir()
        now.wait(lambda: now.coverage.folders == now.coverage.watched == 3)
        work.write({f"{other}/a.bak": "", f"{name}/b.bak": ""})
        now.wait(lambda: now.names == {"a.bak", "b.bak"})


def test_a_root_that_goes_is_forgotten_and_seen_again_when_it_is_made_again(work: Work, tmp_path: Path) -> None:
    work.write({"x.bak": "x"})
    with watching(work.tree) as now:
        work.tree.rename(tmp_path / "away")
        now.wait(lambda: not now.names and not now.coverage.live)
        (tmp_path / "away" / "late.bak").write_text("not here")
        work.write({"y.bak": "y"})
        now.wait(lambda: now.names == {"y.bak"} and now.coverage.live)
        work.write({"z.bak": "z"})
        now.wait(lambda: now.names == {"y.bak", "z.bak"})
        shutil.rmtree(work.tree)
        (tmp_path / "away").rename(work.tree)
        now.wait(lambda: now.names == {"x.bak", "late.bak"})


def test_names_that_are_not_utf8_arrive_intact(work: Work) -> None:
    folder = os.fsencode(work.tree) + b"/f\xf6lder"
    with watching(work.tree) as now:
        os.mkdir(folder)
        Path(os.fsdecode(folder + b"/caf\xe9.bak")).write_text("x")
        now.wait(lambda: [os.fsencode(path) for path in now.leftovers] == [folder + b"/caf\xe9.bak"])


def test_symlinks_are_not_followed(work: Work, tmp_path: Path) -> None:
    work.write({"sub/x.bak": "x"})
    Work(tmp_path / "outside").write({"y.bak": "y"})
    (work.tree / "loop").symlink_to(work.tree)
    (work.tree / "sub/up").symlink_to("..")
    with watching(work.tree) as now:
        (work.tree / "out").symlink_to(tmp_path / "outside")
        work.write({"end.bak": ""})
        now.wait(lambda: now.names == {"x.bak", "end.bak"})
        assert now.coverage.folders == 2


def test_a_root_that_is_a_symlink_is_watched_where_it_leads(work: Work, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(work.tree)
    with watching(tmp_path / "link") as now:
        work.write({"x.bak": "x"})
        now.wait(lambda: list(now.leftovers) == [str(work.tree / "x.bak")])


def test_what_is_kept_or_ignored_goes_at_once_and_comes_back_when_that_is_taken_back(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old", "a~": "old", "sub/b.bak": "only"})
    with watching(work.tree) as now:
        assert now.names == {"a.bak", "a~", "b.bak"}
        cleaning.keep([now.leftovers[str(work.tree / "a.bak")]])
        assert now.wait(lambda: now.names == {"a~", "b.bak"}) < 2
        cleaning.ignore(24, str(work.tree / "sub"))
        now.wait(lambda: now.names == {"a~"})
        work.write({"a.bak": "changed since"})
        now.wait(lambda: now.names == {"a~", "a.bak"})
        cleaning.forget(str(work.tree))
        now.wait(lambda: now.names == {"a~", "a.bak", "b.bak"})


def test_protected_kinds_and_managed_folders_are_never_offered(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(work.tree / "share"))
    work.write(
        {"db-wal": "x", "Cargo.lock": "", ".git/x.bak": "", "node_modules/y.bak": "", "share/Trash/files/t~": ""}
    )
    with watching(work.tree) as now:
        work.write(
            {"db-journal": "x", ".fuse_hidden0000004d00000001": "", ".git/index~": "", ".Trash-1000/files/u~": ""}
        )
        work.write({"end.bak": ""})
        now.wait(lambda: now.names == {"end.bak"})


def test_a_folder_in_a_folder_that_is_given_too_is_not_looked_at_twice(work: Work) -> None:
    work.write({"sub/x.bak": "x"})
    with watching(work.tree, work.tree / "sub") as now:
        assert (now.coverage.folders, now.coverage.watched) == (2, 2)
        (work.tree / "sub/x.bak").unlink()
        now.wait(lambda: not now.names)


def test_stopping_is_prompt_and_leaves_no_thread(work: Work) -> None:
    work.write({f"{number}/x": "x" for number in range(500)})
    before = set(threading.enumerate())
    now = Watching(work.tree)
    now.wait(lambda: now.coverage.live)
    assert now.stop() < 0.5
    assert set(threading.enumerate()) == before


def test_a_watch_with_nothing_to_do_does_next_to_nothing(work: Work) -> None:
    work.write({f"{number}/x.bak": "x" for number in range(200)})
    with watching(work.tree) as now:
        time.sleep(0.5)
        assert share_of_a_core(now, 2) < 0.02


def test_a_disk_that_is_mounted_below_is_not_entered(work: Work) -> None:
    (work.tree / "disk").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", str(work.tree / "disk")], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    try:
        work.write({"disk/x.bak": "", "y.bak": ""})
        with watching(work.tree) as now:
            now.wait(lambda: now.names == {"y.bak"} and now.coverage.folders == 1)
        with watching(work.tree / "disk") as now:
            now.wait(lambda: now.names == {"x.bak"})
        with watching(work.tree, work.tree / "disk") as now:  # unless it is chosen
            now.wait(lambda: now.names == {"x.bak", "y.bak"} and now.coverage.folders == 2)
            work.write({"disk/new.bak": ""})
            now.wait(lambda: now.names == {"x.bak", "y.bak", "new.bak"})
        found = [one for one in cleaning.scan([str(work.tree), str(work.tree / "disk")]) if isinstance(one, Found)]
        assert len([one for part in found for one in part.leftovers]) == 3
    finally:
        subprocess.run(["umount", "-l", str(work.tree / "disk")], check=True)


def test_a_disk_that_is_taken_away_takes_its_leftovers(work: Work, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    (place / "x.bak").touch()
    with watching(place) as now:
        now.wait(lambda: now.names == {"x.bak"})
        subprocess.run(["umount", "-l", str(place)], check=True)
        now.wait(lambda: not now.names)
        (place / "under.bak").touch()
        now.wait(lambda: now.names == {"under.bak"})


def test_a_file_that_was_too_new_is_judged_again_when_it_is_old_enough(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({"a": "same", "a.bak": "same"})
    path = str(work.tree / "a.bak")
    with watching(work.tree) as now:
        assert now.leftovers[path].advice is Advice.WAIT
        real = time.time
        monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 700)
        now.wait(lambda: now.leftovers[path].advice is Advice.CLEAR)
