"""The folders of a transaction as open handles: each opened without following a symlink and proven to be the one meant."""

from __future__ import annotations

from collections import OrderedDict

from core.errors import Elsewhere
from core.fs import abilities
from core.fs.api import FileSystem, Handle
from core.journal.records import FolderRef

_OPEN_AT_ONCE = 400


class Folders:
    """Handles by folder number, at most a few hundred open at a time.

    `only_here`: a person has said that folders which are not here, or not the same, are gone for good.
    """

    def __init__(self, fs: FileSystem, refs: list[FolderRef], *, only_here: bool = False) -> None:
        self._fs = fs
        self._only_here = only_here
        self.refs = refs
        self._handles: OrderedDict[int, Handle] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._before = {ref.after: number for number, ref in enumerate(refs) if ref.after != number}

    def handle(self, number: int) -> Handle:
        """Return an open handle.

        Raises:
            FileNotFoundError: there is no such folder (now).
            Elsewhere: what has the path is another folder, or one on another volume.
        """
        handle = self._handles.get(number)
        if handle is not None:
            self._handles.move_to_end(number)
            return handle
        ref = self.refs[number]
        try:
            handle = self._fs.open_folder(ref.path)
        except NotADirectoryError as error:  # also what a symlink in the path answers
            raise Elsewhere(path=ref.path) from error
        if not self._is(handle, ref):
            self._fs.close(handle)
            raise Elsewhere(path=ref.path)
        self._handles[number] = handle
        if len(self._handles) > _OPEN_AT_ONCE:
            self._fs.close(self._handles.popitem(last=False)[1])
        return handle

    def at(self, path: str) -> Handle | None:
        """Return an open handle by the path before the batch; None where that is no folder of the batch.

        Opening one anew, component by component, costs more than all else that is asked of the file in it.
        """
        if not self._numbers:
            self._numbers = {ref.path: number for number, ref in enumerate(self.refs) if ref.stage}
        number = self._numbers.get(path)
        return None if number is None else self.handle(number)

    def find(self, number: int) -> Handle | None:
        """Return an open handle, or None while there is no such folder.

        A path that a folder has only after the batch may mean something else before it: then the folder is not there.

        Raises:
            Elsewhere: what has the path of a folder that was there before the batch is another one.
        """
        try:
            return self.handle(number)
        except FileNotFoundError:
            return None
        except Elsewhere:
            if self.refs[number].stage and not self._only_here:
                raise
            return None

    def need(self, number: int) -> Handle | None:
        """Return an open handle, or None for a folder that is there only after the batch and is not there now.

        Raises:
            Elsewhere: a folder that was there before the batch is not there: somebody has taken it away, if only for a
                moment, and what is in it cannot be taken for put right. Or another one has its path.
        """
        handle = self.find(number)
        if handle is None and self.refs[number].stage and not self._only_here:
            raise Elsewhere(path=self.refs[number].path)
        return handle

    def is_given_up(self, number: int) -> bool:
        """Whether a folder is not here, and nobody waits for it any more."""
        return self._only_here and self.refs[number].stage and self.find(number) is None

    def find_now(self, number: int) -> Handle | None:
        """Return the folder under the path it has before or after the batch, whichever is in force."""
        for candidate in (number, self.refs[number].after, self._before.get(number, number)):
            try:
                return self.handle(candidate)
            except (FileNotFoundError, Elsewhere, IndexError):
                continue
        return None

    def may_exchange(self, number: int) -> bool:
        """Whether the file system that holds the folder can be trusted to exchange names, or else to refuse."""
        type_ = self.refs[number].volume.partition(":")[0]
        return abilities.known(type_).exchange is not False

    def path(self, number: int, name: str) -> str:
        """Return a path for people."""
        return f"{self.refs[number].path.rstrip('/')}/{name}"

    def forget(self) -> None:
        """Close all handles: paths may mean other folders now."""
        while self._handles:
            self._fs.close(self._handles.popitem()[1])

    def _is(self, handle: Handle, ref: FolderRef) -> bool:
        if ref.ino and self._fs.fstat(handle).ino != ref.ino:
            return False
        return self._fs.volume(handle).ident == ref.volume
