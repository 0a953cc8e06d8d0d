"""Leftovers of tools that write a file anew that were killed: each is told apart, judged rightly, and kept safe."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from core.leftovers.judge import Advice, Reason
from tests.support import throwaway
from tests.support.makers import LARGE, PATIENCE, Maker, makes, wait

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]


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
