"""A Vim that was killed has left a swap file: its text is recovered beside, shown as a change, and the swap file stays."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import time
from pathlib import Path

import pytest

from core import api, cleaning
from core.api import Committed
from core.fs import programs
from core.leftovers import vim
from core.leftovers.vim import NotRecovered
from tests.support import remains

needs_vim = pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The swap file of a Vim that was killed with something typed and not saved."""
    (tmp_path / "a.txt").write_text("saved é\n")
    path = shutil.which("vim")
    assert path
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execve(path, [path, "-u", "NONE", "-N", "a.txt"], {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"})
    swap = tmp_path / ".a.txt.swp"
    until = time.monotonic() + 30
    written = tmp_path / "written after it was preserved"
    os.write(terminal, b"otyped\x1b:preserve\r:w written\\ after\\ it\\ was\\ preserved\r")
    while not (written.exists() and written.read_bytes().endswith(b"typed\n")):
        assert time.monotonic() < until
        time.sleep(0.02)
    written.unlink()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    return swap


@needs_vim
def test_what_was_typed_is_recovered_and_nothing_is_touched(killed: Path) -> None:
    before = {path.name: path.read_bytes() for path in killed.parent.iterdir()}
    assert vim.recovered(str(killed)) == "saved é\ntyped\n".encode()
    assert {path.name: path.read_bytes() for path in killed.parent.iterdir()} == before


@needs_vim
def test_restoring_from_it_shows_the_difference_and_leaves_the_swap_file(killed: Path) -> None:
    one = cleaning.look(str(killed))
    assert one is not None
    assert cleaning.goal(one) == str(killed.parent / "a.txt")
    plan = cleaning.restore_plan(one, cleaning.goal(one), remove=True)
    assert "+typed" in list(api.preview_lines(plan))
    assert isinstance(api.apply(plan), Committed)
    assert (killed.parent / "a.txt").read_text() == "saved é\ntyped\n"
    assert killed.exists()


def test_where_vim_is_not_installed_or_there_is_nothing_to_read_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap, other = tmp_path / ".a.swp", tmp_path / ".b.swp"
    swap.write_bytes(remains.swap("a"))
    other.write_bytes(b"b0 and no more")
    with pytest.raises(NotRecovered, match="no_swap"):
        vim.recovered(str(other))
    monkeypatch.setattr(programs, "find", lambda name: "")
    with pytest.raises(NotRecovered, match="no_vim"):
        vim.recovered(str(swap))
