"""Leftovers of real programs, killed in the middle: each is told apart, found alive before and dead after, and kept safe.

The programs are Debian's, in a root that is made for the purpose and thrown away (`tests.support.throwaway`). What cannot
be made here is built to its documented form in `tests.support.remains`. The end of a run prints which is which.
"""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from core import cleaning
from core.cleaning import Leftover
from core.leftovers import catalogue
from core.leftovers.judge import Advice, Reason
from core.leftovers.kinds import FOLDERS, KINDS
from core.leftovers.news import Found
from tests.support import browsers, remains, throwaway
from tests.support.interrupted import interrupt
from tests.support.throwaway import Room
from tests.support.tried import Tried
from tests.support.work import Work

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]

LARGE = 60_000_000
PATIENCE = 60.0
_VIM = ("-u", "NONE", "-N", "-es")
REAL: dict[int, str] = {}
_Test = TypeVar("_Test", bound=Callable[..., object])


def makes(*numbers: int, by: str) -> Callable[[_Test], _Test]:
    """Say of a test which kinds it has made by which program."""

    def note(test: _Test) -> _Test:
        REAL.update(dict.fromkeys(numbers, by))
        return test

    return note


@dataclass
class Maker:
    """A folder, programs at work in it, and what is found there a month later."""

    path: Path
    room: Room
    later: Callable[[], None]
    tried: Tried

    def found(self) -> dict[str, Leftover]:
        """Scan, with what is never to be touched."""
        news = [one for one in cleaning.scan([str(self.path)], everything=True) if isinstance(one, Found)]
        return {os.path.basename(one.path): one for part in news for one in part.leftovers}

    def only(self, number: int) -> Leftover:
        """Return the one leftover of a kind."""
        found = self.found()
        (one,) = [each for each in found.values() if each.number == number] or [None]
        assert one is not None, sorted((name, each.number) for name, each in found.items())
        return one

    def demand(self, number: int, *reasons: Reason) -> Leftover:
        """Demand that there is one of a kind, judged so once a month has passed, and count it."""
        self.later()
        one = self.only(number)
        assert one.reason in reasons, one
        self.count(number)
        return one

    def demand_managed(self, number: int, path: Path) -> None:
        """Demand that a folder is left alone because a program manages it, and that nothing in it is offered."""
        managed = catalogue.managed_folder(str(path))
        assert path.is_dir()
        assert managed is not None
        assert managed.number == number
        self.later()
        assert not [one for one in self.found().values() if one.path.startswith(f"{path}/")]
        self.count(number)

    def count(self, number: int) -> None:
        self.tried(f"kind {number:2} made by {REAL[number]}")

    def there(self, pattern: str) -> Callable[[], list[Path]]:
        """Return what looks whether there is something by a name."""
        return lambda: list(self.path.glob(pattern))

    def write(self, name: str, text: str = "saved\n") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    @contextmanager
    def on_terminal(self, *words: str, keys: bytes, number: int = signal.SIGKILL) -> Iterator[None]:
        """Have a program on a terminal of its own, with something typed, until it is killed."""
        command = self.room.command(list(words))
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], command)
        time.sleep(1.5)
        os.write(terminal, keys)
        try:
            yield
        finally:
            os.kill(child, number)
            os.waitpid(child, 0)
            os.close(terminal)


@pytest.fixture
def maker(tmp_path: Path, debian: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried) -> Maker:
    real = time.time

    def later() -> None:
        monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 30 * 86_400)

    folder = tmp_path / "made"
    folder.mkdir()
    return Maker(folder, Room(debian, folder), later, tried)


def wait(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.01)


# Editors


@makes(1, by="vim")
def test_a_vim_that_was_killed(maker: Maker) -> None:
    maker.write("a.txt")
    with maker.on_terminal("vim", "-u", "NONE", "-N", "a.txt", keys=b"ityped\x1b:preserve\r"):
        wait(maker.there(".a.txt.swp"))
        time.sleep(1.0)
        maker.later()
        assert (maker.only(1).advice, maker.only(1).reason) == (Advice.WAIT, Reason.IN_USE)
    maker.demand(1, Reason.EDITOR_FILE, Reason.OLD_UNSAVED)
    assert not maker.only(1).preselected


@makes(2, by="vim")
def test_a_vim_that_was_killed_as_it_tried_short_names(maker: Maker) -> None:
    maker.write("a.txt")
    maker.room.killed_at("unlink", maker.there(".a.txt.swx"), "vim", *_VIM, "-c", "q", "a.txt")
    assert maker.demand(2, Reason.SCRATCH).preselected


@makes(3, by="vim")
def test_a_vim_that_was_killed_as_it_tried_whether_it_may_write(maker: Maker) -> None:
    maker.write("a.txt")
    save = ("vim", *_VIM, "-n", "-c", "normal ox", "-c", "set backupcopy=auto backupskip=", "-c", "wq", "a.txt")
    maker.room.killed_at("unlink", maker.there("4913"), *save)
    assert maker.demand(3, Reason.SCRATCH).preselected


@makes(5, by="vim")
def test_the_version_before_a_save_of_vim(maker: Maker) -> None:
    maker.write("a.txt")
    maker.room.run("vim", *_VIM, "-c", "set backup backupskip=", "-c", "normal ox", "-c", "wq", "a.txt")
    maker.demand(5, Reason.OLDER)


@makes(4, by="nano")
def test_the_lock_of_a_nano_that_was_killed(maker: Maker) -> None:
    maker.write("a.txt")
    with maker.on_terminal("nano", "--ignorercfiles", "--locking", "a.txt", keys=b"typed"):
        wait(maker.there(".a.txt.swp"))
        maker.later()
        assert maker.only(4).reason is Reason.IN_USE
    assert maker.demand(4, Reason.LOCK_STALE).preselected


@makes(9, by="nano")
def test_what_a_nano_saves_that_is_hung_up_on(maker: Maker) -> None:
    maker.write("a.txt")
    with maker.on_terminal("nano", "--ignorercfiles", "a.txt", keys=b"typed", number=signal.SIGHUP):
        time.sleep(1.0)
    assert maker.demand(9, Reason.UNSAVED, Reason.OLD_UNSAVED).original == str(maker.path / "a.txt")


@makes(7, 8, by="emacs")
def test_an_emacs_that_was_killed(maker: Maker) -> None:
    maker.write("a.txt")
    long_ago = time.time() - 60
    os.utime(maker.path / "a.txt", (long_ago, long_ago))
    code = '(progn (find-file "a.txt") (auto-save-mode 1) (insert "typed") (do-auto-save t) (sleep-for 100))'
    with maker.room.start("emacs", "-Q", "--batch", "--eval", code) as one:
        wait(maker.there("#a.txt#"))
        maker.later()
        assert {maker.only(7).reason, maker.only(8).reason} == {Reason.IN_USE}
        throwaway.end(one)
    assert maker.demand(7, Reason.UNSAVED).advice is Advice.RESTORE
    assert maker.demand(8, Reason.LOCK_STALE).preselected


@makes(16, by="LibreOffice")
def test_the_lock_of_a_libreoffice_that_was_killed(maker: Maker) -> None:
    maker.write("a.txt")
    with maker.room.start("soffice", "--headless", "--norestore", "a.txt") as one:
        wait(maker.there(".~lock.a.txt#"))
        wait(lambda: (maker.path / ".~lock.a.txt#").stat().st_size)
        maker.later()
        assert maker.only(16).reason is Reason.IN_USE
        throwaway.end(one)
    assert maker.demand(16, Reason.LOCK_STALE).preselected


@makes(13, by="GLib")
def test_a_save_of_glib_that_was_killed(maker: Maker) -> None:
    maker.write("a.txt")
    with maker.room.start("gio", "save", "a.txt") as one:
        assert one.stdin is not None
        one.stdin.write(b"half" * 100_000)
        one.stdin.flush()
        wait(lambda: [path for path in maker.there(".goutputstream-*")() if path.stat().st_size])
        throwaway.end(one)
    assert not maker.demand(13, Reason.OLD_REMAINS).preselected


@makes(15, by="Qt")
def test_the_lock_of_a_qt_program_that_was_killed(maker: Maker) -> None:
    code = "from PySide6.QtCore import QLockFile; lock = QLockFile('a.lock'); print(lock.lock(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], cwd=maker.path, stdin=-1, stdout=-1) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == b"True\n"
        assert maker.only(15).reason is Reason.IN_USE
        one.kill()
    assert maker.demand(15, Reason.LOCK_STALE).preselected


# Tools that write a file anew


@makes(37, by="sed")
@makes(38, by="perl")
@makes(39, by="zip")
@pytest.mark.parametrize(
    ("number", "pattern", "words"),
    [
        (37, "sed??????", ("sed", "-i", "s/a/b/", "large.txt")),
        (38, "XX??????", ("perl", "-i", "-pe", "s/a/b/", "large.txt")),
        (39, "zi??????", ("zip", "-q", "large.zip", "large.txt")),
    ],
    ids=["sed", "perl", "zip"],
)
def test_a_tool_that_was_killed_in_the_middle(maker: Maker, number: int, pattern: str, words: tuple[str, ...]) -> None:
    (maker.path / "large.txt").write_bytes((os.urandom(50).hex().encode() + b"\n") * (LARGE // 101))
    maker.room.killed_when(lambda: [one for one in maker.there(pattern)() if one.stat().st_size], *words)
    one = maker.demand(number, Reason.OLD_REMAINS)
    assert (one.advice, one.preselected) == (Advice.ASK, False)


@makes(24, by="sed")
@makes(6, by="cp")
@makes(59, by="ssh-keygen")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (24, ("sed", "-i.bak", "s/saved/new/", "a.txt")),
        (6, ("cp", "--backup=numbered", "b.txt", "a.txt")),
        (59, ("ssh-keygen", "-R", "there", "-f", "a.txt")),
    ],
    ids=["sed", "cp", "ssh-keygen"],
)
def test_a_version_that_is_kept_on_purpose(maker: Maker, number: int, words: tuple[str, ...]) -> None:
    key = "AAAAC3NzaC1lZDI1NTE5AAAAIJ0c1Q0V0Xb3oT0m6h2o1rJq8a7dJt0W6bqz3m0vXb1a"
    maker.write("a.txt", f"there ssh-ed25519 {key}\nhere ssh-ed25519 {key}\n" if number == 59 else "saved\n")
    maker.write("b.txt", "another\n")
    assert maker.room.run(*words) == 0
    assert not maker.demand(number, Reason.OLDER).preselected


@makes(40, 41, by="patch")
def test_a_patch_that_fits_in_part(maker: Maker) -> None:
    maker.write("a.c", "one\ntwo\n")
    diff = b"--- a.c\n+++ a.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -9,2 +9,2 @@\n-nine\n+9\n ten\n"
    maker.room.run("patch", "-p0", typed=diff)
    maker.demand(40, Reason.OLDER)
    maker.demand(41, Reason.CONFLICT)


@makes(42, by="patch")
def test_a_patch_that_was_killed(maker: Maker) -> None:
    maker.write("a.c", "one\ntwo\n")
    maker.write("fix.diff", "--- a.c\n+++ a.c\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n")
    maker.room.killed_at("rename", maker.there("a.c.o??????"), "patch", "-p0", "-i", "fix.diff")
    assert maker.demand(42, Reason.NEVER_ARRIVED, Reason.HALF_WRITTEN, Reason.OLDER).original == str(maker.path / "a.c")


@makes(33, by="TeX")
def test_a_run_of_tex_that_was_killed(maker: Maker) -> None:
    maker.write("a.tex", "\\documentclass{article}\\begin{document}x\\newpage\\typein{?}\\end{document}\n")
    with maker.room.start("pdflatex", "-synctex=1", "a.tex") as one:
        wait(maker.there("a.synctex*busy*"))
        maker.later()
        assert maker.only(33).reason is Reason.IN_USE
        throwaway.end(one)
    assert maker.demand(33, Reason.SCRATCH).preselected


@makes(56, by="gcc")
def test_a_gcc_that_was_killed(maker: Maker) -> None:
    maker.write("a.c", "int main(void) { return 0; }\n")
    maker.room.killed_at("unlink", maker.there("cc??????.s"), "gcc", "-c", "a.c")
    assert maker.demand(56, Reason.SCRATCH).preselected


@makes(57, by="gdb and Java")
def test_what_tells_of_a_crash(maker: Maker) -> None:
    with maker.room.start("sleep", "100") as one:
        wait(lambda: os.path.basename(os.readlink(f"/proc/{one.pid}/exe")) == "sleep")
        assert maker.room.run("gcore", "-o", "core", str(one.pid)) == 0
        throwaway.end(one)
    with maker.room.start("keytool", "-genkeypair", "-keystore", "k") as one:
        wait(lambda: "libjvm.so" in Path(f"/proc/{one.pid}/maps").read_text())
        time.sleep(1.0)
        os.kill(one.pid, signal.SIGSEGV)
        one.wait(PATIENCE)
    maker.later()
    told = {one.made_by: one for one in maker.found().values() if one.number == 57}
    assert {name: one.reason for name, one in told.items()} == dict.fromkeys(
        ("a program that crashed", "Java"), Reason.CRASH_REPORT
    )
    maker.count(57)


@makes(86, by="logrotate")
def test_a_logrotate_that_was_killed(maker: Maker) -> None:
    maker.write("a.log", "x\n")
    maker.write("rules", f"{maker.path}/a.log {{ size 1k\n}}\n")
    maker.room.killed_at("rename", maker.there("status.tmp"), "logrotate", "--state", "status", "rules")
    assert maker.demand(86, Reason.ORIGINAL_EMPTY).advice is Advice.RESTORE


# Version control, languages


@makes(45, 46, by="git")
def test_a_git_that_was_killed(maker: Maker) -> None:
    maker.room.run("git", "init", "-q", ".")
    (maker.path / "large").write_bytes(os.urandom(LARGE))
    objects = maker.path / ".git/objects"
    maker.room.killed_when(lambda: [*objects.glob("*/tmp_*"), *objects.glob("tmp_*")], "git", "add", "large")
    maker.room.killed_at("rename", lambda: (maker.path / ".git/index.lock").exists(), "git", "add", "large")
    maker.later()
    assert {name: one.advice for name, one in maker.found().items()} == {".git": Advice.PROTECTED}
    maker.demand_managed(45, maker.path / ".git")
    maker.demand_managed(46, next(objects.glob("??")))
    info = (maker.path / ".git/index.lock").lstat()
    shown = cleaning.Shown(str(maker.path / ".git/index.lock"), info.st_size, info.st_mtime, info.st_ino)
    assert [one.left for one in cleaning.clear([shown]).left] == [cleaning.Left.PROTECTED]


def conflict(maker: Maker, *how: str) -> None:
    """Let two branches change the same line, and bring them together."""
    git = ("git", "-c", "user.name=me", "-c", "user.email=me@here", "-c", "init.defaultBranch=main")
    maker.room.run(*git, "init", "-q", ".")
    for branch, text in (("main", "base\n"), ("other", "theirs\n"), ("main", "mine\n")):
        maker.room.run(*git, "checkout", "-q", "-B" if branch == "other" else "-b", branch)
        maker.room.run(*git, "checkout", "-q", branch)
        maker.write("a.c", text)
        maker.room.run(*git, "add", "a.c")
        maker.room.run(*git, "commit", "-q", "-m", text)
    maker.room.run(*git, *how)


@makes(43, by="git mergetool")
def test_a_mergetool_that_was_killed(maker: Maker) -> None:
    conflict(maker, "merge", "other")
    tool = ("-c", "merge.tool=slow", "-c", "mergetool.slow.cmd=sleep 100", "-c", "mergetool.prompt=false")
    maker.room.killed_when(maker.there("a_REMOTE_*.c"), "git", *tool, "mergetool", "a.c")
    maker.later()
    sides = {name.split("_")[1]: one for name, one in maker.found().items() if one.number == 43}
    assert {"BASE", "LOCAL", "REMOTE"} <= set(sides)
    assert {one.reason for one in sides.values() if one.preselected} <= {Reason.SAME}
    assert sides["REMOTE"].reason is Reason.CONFLICT
    maker.count(43)


@makes(47, by="git")
def test_a_rebase_that_is_not_done(maker: Maker) -> None:
    conflict(maker, "rebase", "other")
    maker.demand_managed(47, maker.path / ".git/rebase-merge")


@makes(44, by="Subversion")
def test_a_conflict_of_subversion(maker: Maker) -> None:
    where = f"file://{maker.path}/repository"
    maker.room.run("svnadmin", "create", "repository")
    maker.room.run("svn", "checkout", "-q", where, "one")
    maker.write("one/a.c", "base\n")
    maker.room.run("svn", "add", "-q", "one/a.c")
    maker.room.run("svn", "commit", "-q", "-m", "1", "one")
    maker.room.run("svn", "checkout", "-q", where, "two")
    for name, text in (("one", "theirs\n"), ("two", "mine\n")):
        maker.write(f"{name}/a.c", text)
    maker.room.run("svn", "commit", "-q", "-m", "2", "one")
    maker.room.run("svn", "update", "-q", "--accept", "postpone", "two")
    maker.later()
    sides = {name: one.reason for name, one in maker.found().items() if one.number == 44}
    assert sides == dict.fromkeys(("a.c.mine", "a.c.r1", "a.c.r2"), Reason.CONFLICT)
    maker.count(44)


@makes(48, by="GnuPG")
def test_a_gnupg_that_was_killed(maker: Maker) -> None:
    maker.room.killed_at("link", maker.there(".#lk0x*"), "gpg", "--batch", "--homedir", ".", "--import", "/dev/null")
    assert not maker.demand(48, Reason.LOCK).preselected


@makes(49, by="Python")
def test_a_python_that_was_killed_as_it_compiled(maker: Maker) -> None:
    maker.write("a.py", "import os\n")
    maker.room.killed_at("rename", maker.there("a.pyc.*"), "python3", "-m", "compileall", "-b", "-q", "a.py")
    assert maker.demand(49, Reason.SCRATCH).preselected


@makes(50, by="pip")
def test_a_pip_that_was_killed_as_it_removed_a_package(maker: Maker) -> None:
    site = "site-packages"
    maker.write(f"{site}/sample/__init__.py", "")
    maker.write(f"{site}/sample-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: sample\nVersion: 1\n")
    maker.write(f"{site}/sample-1.dist-info/INSTALLER", "pip\n")
    names = ("sample/__init__.py", *(f"sample-1.dist-info/{name}" for name in ("METADATA", "INSTALLER", "RECORD")))
    maker.write(f"{site}/sample-1.dist-info/RECORD", "".join(f"{name},,\n" for name in names))
    pip = ("python3", "-m", "pip", "uninstall", "-y", "-q", "--break-system-packages", "sample")
    maker.room.killed_at("rename", maker.there(f"{site}/~*"), "env", f"PYTHONPATH={maker.path}/{site}", *pip, most=30)
    maker.demand_managed(50, next((maker.path / site).glob("~*")))


@makes(51, 58, by="npm")
def test_an_npm_that_was_killed_as_it_renewed_a_package(maker: Maker) -> None:
    for version in ("1.0.0", "2.0.0"):
        maker.write("sample/package.json", f'{{"name": "sample", "version": "{version}"}}')
        maker.room.run("npm", "pack", "--silent", "./sample")
    maker.write("package.json", '{"name": "whole", "version": "1.0.0"}')
    install = ("npm", "install", "--offline", "--no-audit", "--no-fund", "--silent")
    assert maker.room.run(*install, "./sample-1.0.0.tgz") == 0
    maker.demand(58, Reason.PART_OF_SOMETHING)
    maker.room.killed_when(maker.there("node_modules/.sample-*"), *install, "./sample-2.0.0.tgz")
    maker.demand_managed(51, maker.path / "node_modules")


@makes(52, by="Node's write-file-atomic")
def test_a_node_program_that_was_killed_as_it_saved(maker: Maker) -> None:
    maker.write("a.json", "{}")
    code = "require('/usr/share/nodejs/write-file-atomic')('a.json', 'new', () => 0)"
    maker.room.killed_at("rename", maker.there("a.json.*"), "node", "-e", code)
    assert maker.demand(52, Reason.NEVER_ARRIVED, Reason.OLDER).original == str(maker.path / "a.json")


@makes(53, by="Python")
def test_a_python_that_was_killed_with_a_temporary_file(maker: Maker) -> None:
    code = (
        "import tempfile, time; f = tempfile.NamedTemporaryFile(dir='.'); f.write(b'half'); f.flush(); time.sleep(100)"
    )
    for number in range(8):  # one name in some has neither a digit nor an underscore, and then it could be a word
        maker.room.killed_when(
            lambda number=number: len([one for one in maker.there("tmp*")() if one.stat().st_size]) > number,
            *("python3", "-c", code),
        )
    maker.later()
    told = [one for one in maker.found().values() if one.number == 53]
    assert told
    assert {one.reason for one in told} <= {Reason.TWIN, Reason.OLD_REMAINS}
    maker.count(53)


# Transfers


@makes(60, by="rsync")
def test_an_rsync_that_was_killed(maker: Maker) -> None:
    (maker.path / "large.bin").write_bytes(os.urandom(LARGE // 10))
    (maker.path / "to").mkdir()
    appears = maker.there("to/.large.bin.??????")
    maker.room.killed_when(
        lambda: [one for one in appears() if one.stat().st_size], "rsync", "--bwlimit=1000", "large.bin", "to/"
    )
    assert maker.demand(60, Reason.PERHAPS_PARTIAL).advice is Advice.RESTORE
    maker.write("to/large.bin", "what came later")
    assert maker.only(60).preselected


@makes(61, by="rsync")
def test_an_rsync_that_was_killed_before_it_put_things_into_place(maker: Maker) -> None:
    (maker.path / "large.bin").write_bytes(os.urandom(LARGE // 10))
    maker.write("from/a.txt")
    shutil.copy(maker.path / "large.bin", maker.path / "from/b.bin")
    words = ("rsync", "-r", "--delay-updates", "--bwlimit=1000", "from/", "to/")
    maker.room.killed_when(maker.there("to/.~tmp~/a.txt"), *words)
    maker.demand_managed(61, maker.path / "to/.~tmp~")


@pytest.fixture
def slow() -> Iterator[str]:
    """The address of a file that never comes to an end."""
    with browsers.slow_server() as address:
        yield address


@makes(35, 67, by="Firefox")
def test_a_firefox_that_was_killed_in_a_download(maker: Maker, slow: str) -> None:
    profile = maker.path / "profile"
    with browsers.firefox(maker.room, profile, maker.path / "downloads", slow) as one:
        wait(maker.there("downloads/*.part"))
        wait((profile / "lock").is_symlink)
        assert maker.only(67).reason is Reason.IN_USE
        throwaway.end(one)
    maker.demand(67, Reason.TRANSFER_OVER)
    left = [one for one in maker.found().values() if one.number == 35]
    assert {one.reason for one in left} == {Reason.PART_OF_SOMETHING}
    maker.count(35)


@makes(66, 77, by="Chromium")
def test_a_chromium_that_was_killed_in_a_download(maker: Maker, slow: str) -> None:
    with browsers.chromium(maker.room, maker.path / "profile", maker.path / "downloads", slow) as one:
        wait(maker.there("downloads/*.crdownload"))
        assert maker.only(66).reason is Reason.IN_USE
        throwaway.end(one)
    maker.demand(66, Reason.TRANSFER_OVER)
    left = [one for one in maker.found().values() if one.number == 77]
    assert {one.reason for one in left} == {Reason.PART_OF_SOMETHING}
    maker.count(77)


@makes(69, by="aria2")
def test_an_aria2_that_was_killed(maker: Maker, slow: str) -> None:
    words = ("aria2c", "-q", "--auto-save-interval=1", "--file-allocation=none", "-d", str(maker.path), slow)
    maker.room.killed_when(maker.there("large.bin.aria2"), *words)
    maker.demand(69, Reason.TRANSFER, Reason.TRANSFER_OVER)


# Databases, packages, disks


@makes(74, 75, by="sqlite3")
@pytest.mark.parametrize(("mode", "number", "ending"), [("delete", 74, "-journal"), ("wal", 75, "-wal")])
def test_a_transaction_of_sqlite_that_was_killed(maker: Maker, mode: str, number: int, ending: str) -> None:
    sql = f"pragma journal_mode={mode}; pragma cache_size=1; create table t(x); insert into t values (1); begin;"
    count = "with recursive c(n) as (select 1 union all select n+1 from c limit 9000)"
    fill = f"insert into t {count} select randomblob(900) from c;\n"
    beside = maker.path / f"a.db{ending}"
    with maker.room.start("sqlite3", "a.db") as one:
        assert one.stdin is not None
        one.stdin.write((sql + fill).encode())
        one.stdin.flush()
        wait(lambda: beside.exists() and beside.stat().st_size)
        throwaway.end(one)
    maker.later()
    told = maker.found()[beside.name]
    assert (told.number, told.advice) == (number, Advice.PROTECTED)
    maker.count(number)


@makes(76, by="sqlite3")
def test_a_transaction_over_two_databases_that_was_killed(maker: Maker) -> None:
    for name in ("a", "b"):
        maker.room.run("sqlite3", f"{name}.db", "create table t(x)")
    both = "attach 'b.db' as b; begin; insert into main.t values (1); insert into b.t values (2); commit"
    maker.room.killed_at("unlink", maker.there("a.db-mj*"), "sqlite3", "a.db", both)
    maker.demand(76, Reason.PART_OF_SOMETHING)


def package(maker: Maker, version: str, text: str) -> None:
    maker.write(
        "p/DEBIAN/control", f"Package: sample\nVersion: {version}\nArchitecture: all\nMaintainer: me\nDescription: x\n"
    )
    maker.write("p/DEBIAN/conffiles", "/etc/sample.conf\n")
    maker.write("p/etc/sample.conf", text)
    maker.write("p/usr/lib/sample", text)
    assert maker.room.run("dpkg-deb", "-b", "p", f"{version}.deb") == 0


@makes(78, 79, by="dpkg")
def test_a_package_that_was_killed_and_one_with_other_settings(maker: Maker) -> None:
    for folder in ("info", "updates", "triggers"):
        (maker.path / f"r/var/lib/dpkg/{folder}").mkdir(parents=True)
    maker.write("r/var/lib/dpkg/status", "")
    for version, text in (("1", "as delivered\n"), ("2", "as delivered later\n")):
        package(maker, version, text)
    dpkg = ("dpkg", f"--root={maker.path}/r", "--log=log", "--force-confnew", "--force-script-chrootless", "-i")
    assert maker.room.run(*dpkg, "1.deb") == 0
    maker.write("r/etc/sample.conf", "as I want it\n")
    new = maker.path / "r/usr/lib/sample.dpkg-new"
    maker.room.killed_at("rename", new.exists, *dpkg, "2.deb", about=str(new))
    maker.later()
    assert maker.found()[new.name].reason is Reason.PART_OF_SOMETHING
    maker.count(78)
    assert maker.room.run(*dpkg, "2.deb") == 0
    assert not maker.demand(79, Reason.SETTINGS).preselected


@makes(82, by="trash-cli")
def test_a_trash_is_left_to_the_desktop(maker: Maker) -> None:
    maker.write("a.txt")
    assert maker.room.run("env", f"XDG_DATA_HOME={maker.path}/data", "trash-put", "a.txt") == 0
    (maker.path / "data/Trash/files/a.txt").unlink()
    maker.demand_managed(82, maker.path / "data/Trash/info")


@makes(83, by="e2fsck")
def test_what_a_check_of_the_disk_found_is_left_to_it(maker: Maker) -> None:
    image, disk = maker.path.parent / "image", maker.path / "disk"
    disk.mkdir()
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    subprocess.run(
        ["debugfs", "-w", "-f", "/dev/stdin", str(image)],
        input=b"write /etc/hosts lost\nsif lost links_count 1\nunlink lost\n",
        capture_output=True,
    )
    assert subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True).returncode == 1
    subprocess.run(["mount", "-o", "loop", str(image), str(disk)], check=True)
    try:
        assert list((disk / "lost+found").iterdir())
        maker.demand_managed(83, disk / "lost+found")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@makes(72, by="libfuse")
def test_what_is_deleted_and_still_open_on_a_mounted_drive(maker: Maker) -> None:
    for name in ("real", "seen"):
        (maker.path / name).mkdir()
    if shutil.which("bindfs") is None:
        pytest.skip("bindfs is not installed")
    subprocess.run(["bindfs", str(maker.path / "real"), str(maker.path / "seen")], check=True)
    try:
        path = maker.write("seen/a.txt")
        with path.open():
            path.unlink()
            assert maker.there("real/.fuse_hidden*")()
            maker.demand(72, Reason.PART_OF_SOMETHING)
    finally:
        subprocess.run(["umount", "-l", str(maker.path / "seen")], check=True)


@makes(85, by="Holdfast")
def test_a_batch_that_was_killed(maker: Maker, state: Path) -> None:
    interrupt(Work(maker.path), state)
    sides = [one for one in maker.found().values() if one.path.startswith(f"{maker.path}/.~hf-") and one.size]
    assert {one.reason for one in sides} == {Reason.BATCH_INTERRUPTED}
    maker.count(85)


# The table


def test_every_kind_is_made_by_its_program_or_built_to_its_documented_form(tried: Tried) -> None:
    built = {number for number, *_ in remains.EXAMPLES} | {number for number, _ in remains.FOLDERS}
    assert set(REAL) | built == {line[0] for line in KINDS} | {line[0] for line in FOLDERS} == set(range(1, 87))
    for number in sorted(built - set(REAL)):
        who = next((line[3] for line in KINDS if line[0] == number), "")
        tried(f"kind {number:2} built as documented: {who or next(line[2] for line in FOLDERS if line[0] == number)}")
