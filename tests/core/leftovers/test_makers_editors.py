"""Leftovers of editors and office programs that were killed: each is told apart, judged rightly, and kept safe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from core.leftovers.judge import Advice, Reason
from tests.support import throwaway
from tests.support.makers import Maker, makes, wait

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]

_VIM = ("-u", "NONE", "-N", "-es")


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
