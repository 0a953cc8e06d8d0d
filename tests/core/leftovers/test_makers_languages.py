"""Leftovers of version control and of languages' tools that were killed: each is told apart, judged rightly, kept safe."""

from __future__ import annotations

import os

import pytest

from core import cleaning
from core.leftovers.judge import Advice, Reason
from tests.support.makers import LARGE, Maker, makes

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]


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
