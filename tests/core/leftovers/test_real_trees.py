"""On trees that nobody made for a test, a month from now: what would be cleared unasked is of no use, each one checked.

Not one is let through by its name or its kind: for each there is a look of our own at the disk and at what runs.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import cleaning
from core.cleaning import Leftover
from core.leftovers.judge import Reason
from core.leftovers.news import Found
from tests.support import browsers, large, linux_source, throwaway
from tests.support.throwaway import Room
from tests.support.tried import Tried

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]

ROOTS = [path for path in ("/usr", "/etc", "/var/lib", "/opt", "/root", "/home", "/srv") if os.path.isdir(path)]


def packaged() -> set[str]:
    """Return the paths that packages have installed."""
    lists = Path("/var/lib/dpkg/info").glob("*.list")
    return {line for one in lists for line in one.read_text("utf-8", "replace").splitlines()}


def has_a_twin(one: Leftover) -> bool:
    beside = (path for path in Path(one.path).parent.iterdir() if path.is_file() and str(path) != one.path)
    return any(filecmp.cmp(one.path, path, shallow=False) for path in beside)


def names_nobody_who_lives(one: Leftover) -> bool:
    """Whether no process that a lock names is there; of those that name none, whether no office program is."""
    path = Path(one.path)
    text = os.readlink(path) if path.is_symlink() else path.read_bytes().decode("latin-1")
    numbers = {int(number) for number in re.findall(r"\b\d{2,7}\b", text)}
    if text.startswith("b0"):
        numbers = {int.from_bytes(text[24:28].encode("latin-1"), "little")}
    if path.name.startswith(".~lock."):  # the only one of these that names no process, but a day and an hour
        return not office_runs()
    return not any(Path(f"/proc/{number}").exists() for number in numbers)


def office_runs() -> bool:
    for one in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if one.read_text().strip() == "soffice.bin":
                return True
    return False


def is_older_and_the_original_is_whole(one: Leftover) -> bool:
    original = Path(one.original)
    return original.stat().st_size > 0 and original.stat().st_mtime + 2 >= Path(one.path).stat().st_mtime


# What makes it true that nobody wants a file any more, for each reason that may be given.
LOOKS: dict[Reason, Callable[[Leftover], bool]] = {
    Reason.SAME: lambda one: filecmp.cmp(one.path, one.original, shallow=False),
    Reason.TWIN: has_a_twin,
    Reason.EMPTY: lambda one: os.lstat(one.path).st_size == 0,
    Reason.SCRATCH: lambda one: os.lstat(one.path).st_size == 0,
    Reason.LOCK_STALE: names_nobody_who_lives,
    Reason.HALF_WRITTEN: is_older_and_the_original_is_whole,
}


def is_of_no_use(one: Leftover) -> bool:
    """Whether a look of our own finds that nothing of anybody's goes with it."""
    return one.reason in LOOKS and LOOKS[one.reason](one)


def look_through(name: str, root: Path, tried: Tried) -> list[Leftover]:
    """Scan, count, and demand of everything that would be cleared unasked that it is of no use."""
    found: list[Leftover] = []
    folders = 0
    for news in cleaning.scan([str(root)]):
        if isinstance(news, Found):
            found += news.leftovers
        else:
            folders = getattr(news, "folders", folders)
    chosen = [one for one in found if one.preselected]
    tried(f"folders of {name}", folders)
    tried(f"leftovers in {name}", len(found))
    tried(f"leftovers in {name} that would be cleared unasked, each looked at", len(chosen))
    assert [(one.path, one.reason) for one in chosen if not is_of_no_use(one)] == []
    return chosen


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month from now."""
    real = time.time
    monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 30 * 86_400)


@pytest.mark.parametrize("root", ROOTS)
def test_nothing_of_this_machine_is_cleared_unasked_that_is_nowhere_else(root: str, tried: Tried, later: None) -> None:
    chosen, ours = look_through(root, Path(root), tried), packaged()
    assert [one.path for one in chosen if one.path in ours and one.reason is not Reason.SAME] == []


def test_nothing_of_a_debian_with_browsers_and_compilers_is(debian: Path, tried: Tried, later: None) -> None:
    look_through("a Debian", debian, tried)


def test_nothing_of_the_sources_of_linux_is(
    tmp_path_factory: pytest.TempPathFactory, tried: Tried, later: None
) -> None:
    sources = large.for_this_run(tmp_path_factory, linux_source.folder)
    look_through("the sources of Linux", sources, tried)


def until(condition: Callable[[], object], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def furnish(room: Room) -> None:
    """Let browsers and editors live in a home, and kill them all in the middle. VS Code is not among Debian's packages."""
    home = room.folder
    for number in range(20):
        (home / f"note {number}.txt").write_text(f"note {number}\n")
    emacs = '(progn (find-file "note 1.txt") (auto-save-mode 1) (insert "typed") (do-auto-save t) (sleep-for 100))'
    with (
        browsers.slow_server() as address,
        browsers.firefox(room, home / ".mozilla/firefox/a.default", home / "Downloads", address) as firefox,
        browsers.chromium(room, home / ".config/chromium", home / "Downloads", address) as chromium,
        room.start("emacs", "-Q", "--batch", "--eval", emacs) as editor,
        room.start("soffice", "--headless", "--norestore", "note 2.txt") as office,
    ):
        for pattern in ("Downloads/*.part", "Downloads/*.crdownload", "#note 1.txt#", ".~lock.note 2.txt#"):
            until(lambda pattern=pattern: list(home.glob(pattern)))
        for program in (firefox, chromium, editor, office):
            throwaway.end(program)
    room.killed_at("unlink", lambda: list(home.glob(".*.swx")), "vim", "-u", "NONE", "-N", "-es", "note 3.txt")
    room.run("cp", "--backup=simple", "note 4.txt", "note 5.txt")


def test_nothing_of_a_home_with_profiles_of_browsers_and_editors_is(
    tmp_path: Path, debian: Path, tried: Tried, later: None
) -> None:
    room = Room(debian, tmp_path / "home")
    room.folder.mkdir()
    furnish(room)
    chosen = look_through("a home with profiles", room.folder, tried)
    assert {os.path.basename(one.path) for one in chosen} >= {".#note 1.txt", ".~lock.note 2.txt#"}
    assert not [one.path for one in chosen if "/.mozilla/" in one.path or "/.config/chromium/" in one.path]
