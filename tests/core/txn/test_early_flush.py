"""While much is staged the disk is not idle: a flush goes on beside it, and an error that it meets is not forgotten."""

from __future__ import annotations

import errno
import threading
import time

import pytest

from core import api
from core.fs.api import Handle
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.txn import barrier
from tests.support.work import Work

FILES = 20
LAST = b"new 19"
PATIENCE = 60.0  # seconds
OPERATIONS = [{"op": "write", "path": f"f{number}", "text": f"new {number}\n"} for number in range(FILES)]


class Watched(ForwardingFileSystem):
    """Writes slowly, and knows which flushes of a volume did not come from the thread that writes.

    The last file is written once there were so many of them: on a disk that others keep busy, one may take seconds.
    """

    def __init__(self, error: int = 0, *, until: int = 0) -> None:
        super().__init__(RealFileSystem())
        self._error = error
        self._until = until
        self.beside = 0

    def write(self, handle: Handle, data: bytes) -> None:
        if data.startswith(b"new"):
            time.sleep(0.01)
        give_up = time.monotonic() + PATIENCE
        while data.startswith(LAST) and self.beside < self._until and time.monotonic() < give_up:
            time.sleep(0.01)
        super().write(handle, data)

    def sync_volume(self, folder: Handle) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.beside += 1
            if self._error:
                raise OSError(self._error, "the disk fails")
        super().sync_volume(folder)


@pytest.fixture
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take little for much."""
    monkeypatch.setattr(barrier, "_MUCH", 10)
    monkeypatch.setattr(barrier, "_PAUSE_SECONDS", 0.005)


def apply(work: Work, fs: Watched, monkeypatch: pytest.MonkeyPatch) -> api.Outcome:
    work.write({f"f{number}": f"old {number}\n" for number in range(FILES)})
    plan = work.plan(*OPERATIONS)
    monkeypatch.setattr(api, "file_system", lambda: fs)
    return api.apply(plan)


@pytest.mark.usefixtures("much")
def test_much_is_flushed_while_it_is_staged(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    fs = Watched(until=2)

    assert isinstance(apply(work, fs, monkeypatch), api.Committed)

    assert fs.beside > 1
    assert work.texts() == {f"f{number}": f"new {number}\n" for number in range(FILES)}
    assert not [one for one in threading.enumerate() if one.name == "flush"]


def test_little_is_flushed_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    fs = Watched()

    assert isinstance(apply(work, fs, monkeypatch), api.Committed)

    assert fs.beside == 0


@pytest.mark.usefixtures("much")
def test_an_error_that_a_flush_beside_the_staging_has_met_puts_the_batch_back(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    fs = Watched(errno.EIO)

    outcome = apply(work, fs, monkeypatch)

    assert isinstance(outcome, api.RolledBack)
    assert outcome.errno == errno.EIO
    assert fs.beside == 1  # and it was not tried again
    assert work.texts() == {f"f{number}": f"old {number}\n" for number in range(FILES)}
