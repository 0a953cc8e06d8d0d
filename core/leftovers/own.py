"""The batches behind our own side files, as their journals tell. Reads only."""

from __future__ import annotations

import time

from core.errors import HoldfastError
from core.fs import walk
from core.fs.api import Handle
from core.journal.home import Home
from core.journal.reader import View
from core.leftovers.judge import Batch
from core.txn.folders import Folders
from core.txn.recover import is_elsewhere

_TRUSTED = 1.0  # seconds for which an answer is taken to be still true: a batch may have many side files


class OwnBatches:
    """Answers by transaction id, remembered for a second."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, tuple[float, Batch]] = {}
        self._targets: dict[str, dict[int, str]] = {}

    def batch(self, txn: str) -> Batch:
        """Say how a batch stands."""
        now = time.monotonic()
        known = self._known.get(txn)
        if known is None or now - known[0] > _TRUSTED:
            known = self._known[txn] = (now, self._look(txn))
        return known[1]

    def target(self, txn: str, side: int) -> str:
        """Return the path that a side file of an interrupted batch stands for; "" when the journal does not say."""
        if txn not in self._targets:
            try:
                self._targets[txn] = self._read_targets(txn)
            except (HoldfastError, OSError):
                self._targets[txn] = {}
        return self._targets[txn].get(side, "")

    def is_as_written(self, txn: str, side: int, path: str) -> bool:
        """Whether a side file of a batch that has ended holds what the batch put there, by digest."""
        try:
            handle = self._home.peek_ended(txn)
        except (OSError, HoldfastError):
            return False
        try:
            wanted = _digests(View.read(self._home.fs, handle), side)
            return bool(wanted) and walk.digest(path) in wanted
        except HoldfastError:  # a damaged journal proves nothing
            return False
        finally:
            self._home.fs.close(handle)

    def _look(self, txn: str) -> Batch:
        try:
            handle = self._home.peek(txn)
        except FileNotFoundError:
            return Batch.FINISHED if self._home.has_ended(txn) else Batch.UNKNOWN
        except (OSError, HoldfastError):  # another user's
            return Batch.ELSEWHERE
        try:
            return Batch.RUNS if self._home.is_owned(txn) else self._judge(handle)
        finally:
            self._home.fs.close(handle)

    def _judge(self, handle: Handle) -> Batch:
        try:
            view = View.read(self._home.fs, handle)
            folders = Folders(self._home.fs, view.folders)
            try:
                return Batch.ELSEWHERE if is_elsewhere(view, folders) else Batch.INTERRUPTED
            finally:
                folders.forget()
        except HoldfastError:  # a damaged journal: recovery says so
            return Batch.INTERRUPTED

    def _read_targets(self, txn: str) -> dict[int, str]:
        handle = self._home.peek(txn)
        try:
            view = View.read(self._home.fs, handle)
            found: dict[int, str] = {}
            for _, step, _ in view.steps():
                folder, name = (step.folder, step.name) if step.name else (step.to_folder, step.to_name)
                if name:
                    found.setdefault(step.side, walk.join(view.folders[folder].path, name))
            return found
        finally:
            self._home.fs.close(handle)


def _digests(view: View, side: int) -> frozenset[str]:
    """Return the digests of what may rightly lie under a side name: what was staged, or the original."""
    known = (one for _, step, staged in view.steps() if step.side == side for one in (staged, step.original))
    return frozenset(one.digest for one in known if one is not None and one.digest)
