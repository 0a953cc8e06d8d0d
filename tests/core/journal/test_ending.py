"""A batch that ends while somebody asks for it has ended or still runs: it is neither interrupted nor unheard of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.fs.api import Handle
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.history.entries import History
from core.journal.home import Home
from core.txn.recover import pending
from tests.support.work import Work


class EndsMeanwhile(ForwardingFileSystem):
    """At the first call of one verb, a batch ends that another process has held until then."""

    def __init__(self, state: Path, txn: str, verb: str) -> None:
        super().__init__(RealFileSystem())
        self._verb = verb
        self._home = Home.open(RealFileSystem(), str(state))
        self._txn = txn
        name = f"{txn}.journal"
        self.inner.rename(self._home.history, name, self._home.journals, name)  # as if it had not ended yet
        self._owner = self._home.adopt(txn)

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        self._end("lock")
        return super().lock(handle, exclusive=exclusive)

    def list(self, folder: Handle) -> Iterator[str]:
        yield from super().list(folder)
        self._end("list")

    def _end(self, verb: str) -> None:
        if verb == self._verb:
            self._verb = ""
            self._home.retire(self._txn)
            self.inner.close(self._owner)
            self._home.close()


@pytest.fixture
def txn(work: Work) -> str:
    """The id of a batch that has ended."""
    work.write({"one": "old"})
    return work.applied({"op": "edit", "path": "one", "find": "old", "replace": "new"})


def test_one_that_ends_while_its_lock_is_tried_is_not_interrupted(txn: str, state: Path) -> None:
    home = Home.open(EndsMeanwhile(state, txn, "lock"), str(state))
    assert [one.alive for one in pending(home)] == [True]
    assert list(pending(home)) == []
    home.close()


@pytest.mark.parametrize("verb", ["lock", "list"])
def test_one_that_ends_while_history_is_read_is_in_it_with_its_end(txn: str, state: Path, verb: str) -> None:
    home = Home.open(EndsMeanwhile(state, txn, verb), str(state))
    assert History(home).known[txn].is_applied
    home.close()
