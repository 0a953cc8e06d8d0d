"""Names that are still taken, since what has them could not be taken back: what is to return to one of them has to wait.

Files that change places go round: each takes the name that another one has left. When one of them cannot be put back,
because the disk refuses for a moment, the next finds its old name taken by it. That is nobody's newest save, which would
have to be kept in sight under another name, but ours; at the next try both go back.
"""

from __future__ import annotations

from core import names
from core.errors import Elsewhere
from core.fs.api import FileSystem
from core.journal.records import Step
from core.txn.folders import Folders


class Taken:
    """The names of steps that could not be taken back; empty nearly always, and then nothing is asked of the disk."""

    def __init__(self, fs: FileSystem, folders: Folders, txn: str) -> None:
        self._fs = fs
        self._folders = folders
        self._txn = txn
        self._names: set[tuple[object, str]] = set()

    def add(self, step: Step) -> None:
        """Note that a step could not be taken back, or had to wait."""
        self._names.update(self._of(step))

    def bars(self, step: Step) -> bool:
        """Whether a step needs a name that is still taken."""
        return bool(self._names) and not self._names.isdisjoint(self._of(step))

    def _of(self, step: Step) -> set[tuple[object, str]]:
        side = names.side(self._txn, step.side)
        found: set[tuple[object, str]] = set()
        for number, name in ((step.folder, step.name or side), (step.to_folder, step.to_name or side)):
            found.add((self._folders.path(number, ""), name))
            try:
                handle = self._folders.find_now(number)
                if handle is not None:  # a folder that the batch moves has two paths
                    stat = self._fs.fstat(handle)
                    found.add(((stat.dev, stat.ino), name))
            except (OSError, Elsewhere):
                continue
        return found
