"""Where the kernel has no rename that does not replace, a move is a link and an unlink; either may be refused."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from core.api import RolledBack
from core.fs.real import RealFileSystem
from tests.support.failing import engine_on
from tests.support.work import Work


class WithoutTheFlag(RealFileSystem):
    """Its `unlink` of an original is refused once, as by a rule of the kernel's or of a server's."""

    refused = 0

    def _rename_exclusively(self, folder: int, name: str, to_folder: int, to_name: str) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)

    def unlink(self, folder: int, name: str) -> None:
        if name == "old" and not self.refused:
            self.refused += 1
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
        super().unlink(folder, name)


def test_a_move_whose_old_name_may_not_go_says_so_and_not_that_the_new_one_was_taken(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x")
    fs = WithoutTheFlag()
    folder = fs.open_folder(str(tmp_path))
    with pytest.raises(PermissionError):
        fs.rename(folder, "old", folder, "new")
    fs.close(folder)


def test_a_batch_whose_move_was_refused_half_way_leaves_one_name(work: Work) -> None:
    work.write({"old": "x", "edited": "old", "other/stays": ""})
    before = work.snapshot()
    fs = WithoutTheFlag()
    with engine_on(fs):
        outcome = work.apply(
            {"op": "move", "path": "old", "to": "other/arrived"},
            {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
        )
    assert fs.refused == 1 and isinstance(outcome, RolledBack)
    assert work.snapshot() == before
