"""The attics of one transaction: reached before anything is staged, filled after COMMIT, and durable before END."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import Protocol

from core import names
from core.attic.looks import is_private, opened, size_of
from core.fs.api import FileSystem, Handle
from core.journal.attics import NOWHERE, AtticRef
from core.journal.records import FolderRef

_MODE = 0o700
_GITIGNORE = ".gitignore"
# What a place answers that cannot be reached, or is not ours to write in: the next one is tried.
_OUT_OF_REACH = frozenset(
    {errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL, errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
)


class Flush(Protocol):
    """What `core.txn.barrier` tells of a volume."""

    def syncs_each(self, folder: int) -> bool:
        """Whether files and folders there are synced one by one."""
        ...


class Attic:
    """The attics of one transaction.

    `held`: for each of `refs` the index of the root in use, or NOWHERE. `used`: the roots that hold something, once
    `sync` has found out.
    """

    def __init__(
        self, fs: FileSystem, txn: str, refs: list[AtticRef], held: list[int], folders: list[FolderRef]
    ) -> None:
        self._fs = fs
        self._txn = txn
        self._name = names.holding(txn)
        self._refs = refs
        self.held = held or [NOWHERE] * len(refs)
        self._folders = folders
        self.used: list[str] = []
        self._of: dict[int, int] = {}
        self._open: dict[
            str, tuple[Handle, Handle]
        ] = {}  # by root: it, and the folder in it that is this transaction's

    def prove(self, folder: Handle, number: int) -> int:
        """Bring the transaction's folder into the first attic of `refs[number]` that can be reached; return which."""
        side = names.proof(self._txn, number)
        self._fs.make_folder(folder, side, _MODE)
        for index, path in enumerate(self._refs[number].roots):
            try:
                root = self._root(path)
            except OSError as error:
                _demand_out_of_reach(error)
                continue
            try:
                self._fs.rename(folder, side, root, self._name)
            except OSError as error:
                _demand_out_of_reach(error)
                continue
            finally:
                self._fs.close(root)
            self.held[number] = index
            return index
        self._fs.remove_folder(folder, side)
        return NOWHERE

    def withdraw(self, number: int, folder: Handle | None) -> None:
        """Remove, durably, what the proof has left, wherever it may be. Nothing is in it before COMMIT."""
        if folder is not None:
            with contextlib.suppress(FileNotFoundError):
                self._fs.remove_folder(folder, names.proof(self._txn, number))
        for path in self._refs[number].roots:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self._remove_folder(path)

    def _remove_folder(self, path: str) -> None:
        root = self._fs.open_folder(path)
        try:
            self._fs.remove_folder(root, self._name)
            self._fs.sync_folder(root)
        finally:
            self._fs.close(root)
            remove_root(self._fs, path)

    def is_for(self, number: int) -> bool:
        """Whether what leaves the folder with that number goes to an attic."""
        place = self._place(number)
        return place != NOWHERE and self.held[place] != NOWHERE

    def take(self, number: int, folder: Handle, name: str, as_name: str) -> None:
        """Move a pre-image from its folder to the attic. It may be there already, in part, from an earlier try.

        Raises:
            FileExistsError: something else has the name there.
            OSError: no attic can be reached (any more).
        """
        place = self._place(number)
        roots = self._refs[place].roots
        for path in (roots[self.held[place]], *roots):
            _, inner = self._enter(path)
            try:
                self._fs.rename(folder, name, inner, as_name)
            except FileExistsError:
                if self._fs.stat(inner, as_name).ino != self._fs.stat(folder, name).ino:
                    raise
                self._fs.unlink(folder, name)  # a move that a power cut left with both names
            except OSError as error:
                if error.errno != errno.EXDEV or path == roots[-1]:
                    raise
                continue  # a quota for a single folder is a border that the proof did not meet
            return

    def sync(self, barrier: Flush) -> None:
        """Make what was moved here durable, perhaps by an earlier try; to be done before the folders that it left.

        A volume that `barrier` flushes as a whole needs no more than that. What turned out to be needless is removed.
        """
        self.used = []
        for ref in self._refs:
            for path in ref.roots:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    if self._sync(path, each=barrier.syncs_each(ref.folder)) and path not in self.used:
                        self.used.append(path)

    def measure(self) -> int:
        """Return the bytes that are held, by looking."""
        total = 0
        for path in self.used:
            with opened(self._fs, path) as root:
                total += size_of(self._fs, root, self._name) if root is not None else 0
        return total

    def _sync(self, path: str, *, each: bool) -> bool:
        """Sync what an attic holds; False where that is nothing."""
        root = self._fs.open_folder(path)
        try:
            inner = self._fs.open_subfolder(root, self._name)
            try:
                is_empty = next(iter(self._fs.list(inner)), None) is None
                if is_empty:
                    self._fs.remove_folder(root, self._name)
                elif each:
                    self._fs.sync_folder(inner)
            finally:
                self._fs.close(inner)
            if each:
                self._fs.sync_folder(root)
        finally:
            self._fs.close(root)
        if is_empty:
            remove_root(self._fs, path)
        elif each and _is_made_by_us(path):
            with opened(self._fs, os.path.dirname(path)) as above:
                if above is not None:
                    self._fs.sync_folder(above)
        return not is_empty

    def close(self) -> None:
        """Close all folders."""
        while self._open:
            for handle in self._open.popitem()[1]:
                self._fs.close(handle)

    def _place(self, number: int) -> int:
        """Return which of `refs` is for a folder."""
        if number not in self._of:
            fitting = [place for place, ref in enumerate(self._refs) if ref.is_for(self._folders[number])]
            self._of[number] = max(fitting, key=lambda place: len(self._refs[place].mount), default=NOWHERE)
        return self._of[number]

    def _enter(self, path: str) -> tuple[Handle, Handle]:
        if path not in self._open:
            root = self._root(path)
            try:
                with contextlib.suppress(FileExistsError):
                    self._fs.make_folder(root, self._name, _MODE)
                self._open[path] = root, self._fs.open_subfolder(root, self._name)
            except BaseException:
                self._fs.close(root)
                raise
        return self._open[path]

    def _root(self, path: str) -> Handle:
        """Open an attic, making it where it is not there yet; PermissionError where somebody else has made it."""
        above, name = os.path.split(path)
        folder = self._fs.open_folder(above)
        try:
            with contextlib.suppress(FileExistsError):
                self._fs.make_folder(folder, name, _MODE)
            root = self._fs.open_subfolder(folder, name)
        finally:
            self._fs.close(folder)
        if not is_private(self._fs.fstat(root)):
            self._fs.close(root)
            raise PermissionError(errno.EPERM, "this is not an attic of this user's", path)
        if _is_made_by_us(path):
            _hide_from_git(self._fs, root)
        return root


def remove_root(fs: FileSystem, path: str) -> None:
    """Remove an attic outside the state directory when it is empty."""
    if not _is_made_by_us(path):
        return
    above, name = os.path.split(path)
    with opened(fs, above) as folder, contextlib.suppress(OSError):
        if folder is not None:
            with opened(fs, path) as root:
                if root is not None and list(fs.list(root)) == [_GITIGNORE]:
                    fs.unlink(root, _GITIGNORE)
            fs.remove_folder(folder, name)
            fs.sync_folder(folder)


def _hide_from_git(fs: FileSystem, root: Handle) -> None:
    """Keep an attic in a work tree out of `git status`, and out of what `git add` takes and `git clean` removes.

    Nothing hangs on it, so it is not synced, and where it cannot be made the attic is one all the same.
    """
    with contextlib.suppress(OSError):
        try:
            fs.stat(root, _GITIGNORE)
        except FileNotFoundError:
            handle = fs.create(root, _GITIGNORE, 0o600)
            try:
                fs.write(handle, b"*\n")
            finally:
                fs.close(handle)


def _is_made_by_us(path: str) -> bool:
    return names.is_ours(os.path.basename(path))


def _demand_out_of_reach(error: OSError) -> None:
    if error.errno not in _OUT_OF_REACH:
        raise error
