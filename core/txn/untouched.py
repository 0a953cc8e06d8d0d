"""Before PREPARED nothing is switched (I3). A journal that ends earlier, over a tree in which something is, has lost its end.

One flipped bit in its last record would do that: the record reads as a torn end. To believe such a journal would be to
remove, as staged content, what is the only original by now.
"""

from __future__ import annotations

from core import names
from core.errors import JournalDamaged
from core.fs.api import FileSystem
from core.journal import records
from core.journal.reader import View
from core.journal.records import Identity, Step, StepKind
from core.txn.folders import Folders
from core.txn.look import Eyes


def demand_untouched(fs: FileSystem, folders: Folders, view: View) -> None:
    """Raise `JournalDamaged` if any step of a journal without PREPARED has been done."""
    assert view.header is not None
    looks = _Looks(Eyes(fs), folders, view.header.txn)
    for _, step, staged in view.steps():
        if looks.is_done(step, staged):
            raise JournalDamaged(txn=view.header.txn, path=folders.path(step.folder, step.name))


class _Looks:
    def __init__(self, eyes: Eyes, folders: Folders, txn: str) -> None:
        self._eyes = eyes
        self._folders = folders
        self._txn = txn

    def is_done(self, step: Step, staged: Identity | None) -> bool:
        """Whether what lies at the step's names can lie there only after it.

        What is written in place shows nothing but our second name of it, and a move looks the same whoever made it (I6).
        """
        side, old = names.side(self._txn, step.side), names.side(self._txn, step.side, old=True)
        match step.kind:
            case StepKind.EXCHANGE:
                is_saved = self._eyes.at(self._folders.find_now(step.folder), old) is not None
                return is_saved or self._holds(step.folder, side, step.original)
            case StepKind.INPLACE:
                return self._eyes.at(self._folders.find_now(step.to_folder), old) is not None
            case StepKind.EVICT:
                return self._holds(step.to_folder, side, step.original)
            case StepKind.PLACE:
                return self._holds(step.to_folder, step.to_name, staged)
        return False

    def _holds(self, folder: int, name: str, known: Identity | None) -> bool:
        if known is None:
            return False
        return records.is_same_inode(self._eyes.at(self._folders.find_now(folder), name), known)
