"""The state directory: `journals/` holds what is unresolved, `history/` what has ended, `attic/` pre-images.

`aside/` holds the side files of files in folders that may not be written.

A journal is born safely: written and locked under a temporary name, renamed into place, and the folder synced, all
before the first side file. So whatever has a journal's name has a whole BEGIN, and a free lock means a dead owner.
"""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Iterator

from core import names
from core.errors import JournalBusy, NotOurs
from core.fs import places
from core.fs.api import FileSystem, Handle

_OPEN, _NEW, _ABORT = ".journal", ".new", ".abort"
_PINNED, _EXPIRED = ".pinned", ".expired"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 10.0, 0.001  # for an engine that removes one name
_ENDING_SECONDS = 0.3  # for the helpers of a dead engine, which the kernel is about to kill


class Home:
    """An open state directory."""

    def __init__(self, fs: FileSystem, path: str) -> None:
        self.fs = fs
        self.path = path
        self.journals = fs.open_folder(f"{path}/journals")
        self.history = fs.open_folder(f"{path}/history")

    @classmethod
    def open(cls, fs: FileSystem, path: str | None = None) -> Home:
        """Open the state directory, making it where it is not there yet."""
        place = places.state_folder(path)
        for part in ("", "/journals", "/history", f"/{names.OWN_ATTIC}", f"/{names.OWN_ASIDE}"):
            places.make_private_folder(place + part)
        return cls(fs, fs.resolve(place))

    @property
    def attic(self) -> str:
        """The attic for all folders from which a rename reaches it."""
        return f"{self.path}/{names.OWN_ATTIC}"

    @property
    def aside(self) -> str:
        """The folder for side files of files that lie where none can be made."""
        return f"{self.path}/{names.OWN_ASIDE}"

    def close(self) -> None:
        """Close the folders."""
        self.fs.close(self.journals)
        self.fs.close(self.history)

    def create(self, txn: str) -> Handle:
        """Create and lock a journal under its temporary name; recovery may tidy it away before the lock is taken.

        Who does so has locked it and is about to remove the name, which must not stand for another one by then.
        """
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            handle = self.fs.create(self.journals, txn + _NEW, 0o600)
            with self._closing_on_error(handle):
                while not self.fs.lock(handle, exclusive=True):
                    if time.monotonic() > until:
                        raise OSError(errno.EAGAIN, "another program holds the lock", self.path)
                    time.sleep(_PAUSE_SECONDS)
                if self._is(handle, txn + _NEW):
                    return handle
            self.fs.close(handle)

    def publish(self, txn: str) -> None:
        """Give a journal whose BEGIN is synced its name, durably."""
        self.fs.rename(self.journals, txn + _NEW, self.journals, txn + _OPEN)
        self.fs.sync_folder(self.journals)

    def discard(self, txn: str) -> None:
        """Remove a journal that was never published; where the disk refuses, `tidy` does it at the next start."""
        with contextlib.suppress(OSError):
            self.fs.unlink(self.journals, txn + _NEW)

    def unresolved(self) -> list[str]:
        """Return the ids of all journals that have not ended, oldest names first."""
        return sorted(name.removesuffix(_OPEN) for name in self._names(_OPEN))

    def adopt(self, txn: str) -> Handle:
        """Open an abandoned journal and lock it; `JournalBusy` while its owner lives, FileNotFoundError when it ended."""
        handle = self._open(txn, write=True)
        with self._closing_on_error(handle):
            if not self._lock_of_the_dead(handle):
                raise JournalBusy(txn=txn)
            if not self._is(handle, txn + _OPEN):  # it ended between open and lock
                raise FileNotFoundError(errno.ENOENT, "the journal has ended", txn)
        return handle

    def peek(self, txn: str) -> Handle:
        """Open a journal for reading, whoever owns it."""
        return self._open(txn)

    def has_ended(self, txn: str) -> bool:
        """Whether a batch is known and over."""
        return self._has(txn + _OPEN)

    def journal_path(self, txn: str) -> str:
        """Return where the journal lies, for people."""
        return f"{self.path}/journals/{txn}{_OPEN}"

    def ended(self) -> list[str]:
        """Return the ids of all history entries, in no order."""
        return [name.removesuffix(_OPEN) for name in self._names(_OPEN, self.history)]

    def peek_ended(self, txn: str) -> Handle:
        """Open a history entry for reading; see `_open` for what is raised."""
        return self._open(txn, among=self.history)

    def pin(self, txn: str, *, pinned: bool) -> bool:
        """Mark a history entry as one that never expires, or take the mark away; False where there is none."""
        if not names.is_txn(txn) or not self._has(txn + _OPEN):
            return False
        if pinned:
            self._mark(txn + _PINNED)
        else:
            with contextlib.suppress(FileNotFoundError):
                self.fs.unlink(self.history, txn + _PINNED)
            self.fs.sync_folder(self.history)
        return True

    def is_pinned(self, txn: str) -> bool:
        """Whether a history entry never expires."""
        return self._has(txn + _PINNED)

    def mark_expired(self, txn: str) -> None:
        """Say beside a history entry that its pre-images are dropped, durably and before the first one is (I10)."""
        self._mark(txn + _EXPIRED)

    def is_expired(self, txn: str) -> bool:
        """Whether `mark_expired` was done."""
        return self._has(txn + _EXPIRED)

    def _mark(self, name: str) -> None:
        with contextlib.suppress(FileExistsError):
            self.fs.close(self.fs.create(self.history, name, 0o600))
        self.fs.sync_folder(self.history)

    def _has(self, name: str) -> bool:
        try:
            self.fs.stat(self.history, name)
        except FileNotFoundError:
            return False
        return True

    def _open(self, txn: str, *, write: bool = False, among: Handle | None = None) -> Handle:
        """Open a journal of this user's: whoever else wrote it could have any file moved in this user's name.

        Raises:
            FileNotFoundError: there is none; also where `txn` is no id at all.
            NotOurs: it belongs to somebody else.
        """
        if not names.is_txn(txn):
            raise FileNotFoundError(errno.ENOENT, "not the id of a batch", txn)
        handle = self.fs.open(self.journals if among is None else among, txn + _OPEN, write=write)
        with self._closing_on_error(handle):
            if self.fs.fstat(handle).uid != places.user():
                raise NotOurs(txn=txn)
        return handle

    def is_owned(self, txn: str) -> bool:
        """Whether a living process holds an unresolved journal, or has ended it a moment ago."""
        try:
            handle = self.fs.open(self.journals, txn + _OPEN, write=True)
        except FileNotFoundError:
            return True
        try:
            return not self.fs.lock(handle, exclusive=True) or not self._is(handle, txn + _OPEN)
        finally:
            self.fs.close(handle)

    def _lock_of_the_dead(self, handle: Handle) -> bool:
        """Lock a journal unless somebody lives who holds it: helpers end with their owner, but a moment later."""
        until = time.monotonic() + _ENDING_SECONDS
        while not self.fs.lock(handle, exclusive=True):
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    def retire(self, txn: str) -> None:
        """Make an ended journal a history entry, durably; gaining folder first."""
        try:
            self.fs.rename(self.journals, txn + _OPEN, self.history, txn + _OPEN)
        except FileNotFoundError:
            return
        except FileExistsError:
            # Where renaming is linking and unlinking, an earlier try may have died between the two.
            if self.fs.stat(self.history, txn + _OPEN).ino != self.fs.stat(self.journals, txn + _OPEN).ino:
                raise
            self.fs.unlink(self.journals, txn + _OPEN)
        self.fs.sync_folder(self.history)
        self._forget(txn)

    def drop(self, txn: str) -> None:
        """Remove an ended journal that cannot be believed, durably."""
        with contextlib.suppress(FileNotFoundError):
            self.fs.unlink(self.journals, txn + _OPEN)
        self._forget(txn)

    def _forget(self, txn: str) -> None:
        """Remove the mark of a journal that is gone; never before that, or COMMIT would be believed again."""
        self.fs.sync_folder(self.journals)
        with contextlib.suppress(FileNotFoundError):
            self.fs.unlink(self.journals, txn + _ABORT)
            self.fs.sync_folder(self.journals)

    def mark_aborted(self, txn: str) -> None:
        """Say beside the journal that ABORT beats COMMIT, durably: for when syncing COMMIT itself has failed.

        A mark that is there already may be there only for the time being: it is written, and synced, anew.
        """
        try:
            handle = self.fs.create(self.journals, txn + _ABORT, 0o600)
        except FileExistsError:
            handle = self.fs.open(self.journals, txn + _ABORT, write=True)
        try:
            self.fs.write(handle, b"abort\n")
            self.fs.sync_file(handle)
        finally:
            self.fs.close(handle)
        self.fs.sync_folder(self.journals)

    def is_marked_aborted(self, txn: str) -> bool:
        """Whether `mark_aborted` was done."""
        try:
            self.fs.stat(self.journals, txn + _ABORT)
        except FileNotFoundError:
            return False
        return True

    def tidy(self) -> None:
        """Remove temporary journals whose writer is dead, and marks without a journal: nothing hangs on either."""
        for name in list(self._names(_NEW)):
            with contextlib.suppress(FileNotFoundError):
                handle = self.fs.open(self.journals, name, write=True)
                try:
                    if self.fs.lock(handle, exclusive=True) and self._is(handle, name):
                        self.fs.unlink(self.journals, name)
                finally:
                    self.fs.close(handle)
        live = set(self.unresolved())
        for name in list(self._names(_ABORT)):
            if name.removesuffix(_ABORT) not in live:
                with contextlib.suppress(FileNotFoundError):
                    self.fs.unlink(self.journals, name)

    def _names(self, ending: str, among: Handle | None = None) -> Iterator[str]:
        for name in self.fs.list(self.journals if among is None else among):
            if name.endswith(ending) and names.is_txn(name.removesuffix(ending)):
                yield name

    @contextlib.contextmanager
    def _closing_on_error(self, handle: Handle) -> Iterator[None]:
        """Close a handle that nobody gets: with it goes its lock, which would keep this process itself out."""
        try:
            yield
        except BaseException:
            self.fs.close(handle)
            raise

    def _is(self, handle: Handle, name: str) -> bool:
        try:
            now = self.fs.stat(self.journals, name)
        except FileNotFoundError:
            return False
        own = self.fs.fstat(handle)
        return (now.dev, now.ino) == (own.dev, own.ino)
