"""Step 1 of the protocol: everything new is written under side names, with the metadata it will have."""

from __future__ import annotations

import errno
import hashlib
import time
from typing import NamedTuple

from core import names
from core.content.digest import Digest
from core.errors import Conflict
from core.fs import reading
from core.fs.api import FileSystem, Handle, Kind
from core.journal import records
from core.journal.records import Identity, Step
from core.progress import CancelToken, Meter
from core.txn.folders import Folders
from core.txn.look import keep_visibly
from core.txn.patching import Patching
from core.txn.script import Content, Donor

# What reading a file answers when it has gone, or something else has taken its name.
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO})
_EARLY_WRITEBACK = 8 << 20
_HOLE = 1 << 16  # a run of zeros that is worth a hole, in a file that has holes already


class Staged(NamedTuple):
    """What was prepared for the steps of a chunk, and how many bytes that took."""

    chunk: int
    identities: list[Identity | None]
    size: int


class Stager:
    """Prepares one staged step after the other."""

    def __init__(self, fs: FileSystem, folders: Folders, txn: str, meter: Meter, token: CancelToken) -> None:
        self._fs = fs
        self._folders = folders
        self._txn = txn
        self._meter = meter
        self._token = token

    def stage(self, step: Step, content: Content, *, sync: bool) -> Identity:
        """Create the side file, folder or symlink of a step and return what it is now."""
        folder = self._folders.handle(step.stage_folder)
        name = names.side(self._txn, step.side)
        self._meter.path = content.path
        try:
            return self._make(folder, name, content, sync=sync)
        except FileExistsError as error:
            # Not ours, whatever its name says: it must not be there when our side files are removed.
            kept = keep_visibly(self._fs, folder, name, like=name, txn=self._txn)
            raise Conflict(path=self._folders.path(step.stage_folder, kept)) from error
        except OSError as error:
            if error.errno in _NOT_THERE:
                raise Conflict(path=content.path) from error
            raise

    def _make(self, folder: Handle, name: str, content: Content, *, sync: bool) -> Identity:
        if content.kind is Kind.FOLDER:
            self._fs.make_folder(folder, name, 0o777 if content.donor is None else 0o700)
            if content.donor is not None:
                self._inherit_folder(folder, name, content.donor, sync=sync)
            digest = ""
        elif content.kind is Kind.SYMLINK:
            self._fs.make_symlink(folder, name, content.target)
            digest = ""
        else:
            digest = self._file(folder, name, content, sync=sync)
        return records.identity(self._fs.stat(folder, name), digest, time.time_ns())

    def _file(self, folder: Handle, name: str, content: Content, *, sync: bool) -> str:
        if content.donor is None:
            return self._fill(folder, name, content, None, sync=sync)
        source = self._open_donor(content.donor)
        try:
            return self._fill(folder, name, content, source, sync=sync)
        finally:
            self._fs.close(source)

    def _inherit_folder(self, folder: Handle, name: str, donor: Donor, *, sync: bool) -> None:
        source = self._fs.open_folder(f"{donor.folder.rstrip('/')}/{donor.name}")
        try:
            self._demand_donor(source, donor)
            made = self._fs.open_subfolder(folder, name)
            try:
                self._fs.copy_metadata(source, made, times=False)
                if sync:
                    self._fs.sync_folder(made)
            finally:
                self._fs.close(made)
        finally:
            self._fs.close(source)

    def _fill(self, folder: Handle, name: str, content: Content, source: Handle | None, *, sync: bool) -> str:
        # With a donor the content may be a secret: nobody else may open it before it has the donor's mode.
        handle = self._fs.create(folder, name, content.mode if source is None else 0o600)
        try:
            if source is not None:
                self._fs.copy_flags(source, handle)  # some of them only an empty file can be given
            digest = self._put_content(handle, content, source)
            if content.digest and digest != content.digest:
                raise Conflict(path=content.path)
            if source is not None and content.donor is not None:
                digest = self._inherit(source, handle, content, content.donor) or digest
            if content.runnable is not None:
                self._fs.set_runnable(handle, runnable=content.runnable)
            if sync:
                self._fs.sync_file(handle)
        finally:
            self._fs.close(handle)
        return digest

    def _put_content(self, handle: Handle, content: Content, source: Handle | None) -> str:
        """Write the content and return its digest."""
        donor = content.donor
        holes = source is not None and self._has_holes(source, donor)
        if source is None or donor is None or content.regions is None or holes or records.is_racy(donor.identity):
            return self._write(handle, content, source, holes=holes)
        patching = Patching(self._fs, source, handle, self._meter, self._token)
        if patching.run(content.regions()) != content.size:
            raise Conflict(path=content.path)
        # The digest is that of planning. The new bytes are those of then, and so are the kept ones: they come from a
        # file that is, before and after, the one that was read then. To read them again would take as long as
        # writing them.
        return content.digest

    def _inherit(self, source: Handle, handle: Handle, content: Content, donor: Donor) -> str:
        """Take over from the donor what is to be the same; return the digest if that is the content, else ""."""
        if donor.content:
            self._fs.copy_content(source, handle)
        if not content.draft:
            self._fs.copy_metadata(source, handle, times=donor.times)
        self._demand_donor(source, donor)
        return self._digest(handle) if donor.content else ""

    def _write(self, handle: Handle, content: Content, source: Handle | None, *, holes: bool) -> str:
        chunks = content.chunks(self._fs, source) if content.chunks is not None else iter(())
        offset = started = 0
        with Digest() as digest:
            for chunk in chunks:
                self._token.check()
                digest.update(chunk)
                if holes:
                    self._write_around_zeros(handle, chunk, offset)
                else:
                    self._fs.write(handle, chunk)
                offset += len(chunk)
                self._meter.bytes_done += len(chunk)
                if offset - started >= _EARLY_WRITEBACK:
                    self._fs.start_writeback(handle, started, offset - started)
                    started = offset
            if holes:
                self._fs.truncate(handle, offset)
            return digest.hex()

    def _write_around_zeros(self, handle: Handle, chunk: bytes, offset: int) -> None:
        for start in range(0, len(chunk), _HOLE):
            piece = chunk[start : start + _HOLE]
            if piece.strip(b"\0"):
                self._fs.write(handle, piece)
            else:
                self._fs.seek(handle, offset + start + len(piece))

    def _has_holes(self, source: Handle, donor: Donor | None) -> bool:
        if donor is None or donor.identity.size < 2 * _HOLE:
            return False
        stat = self._fs.fstat(source)
        return stat.allocated < stat.size

    def seal(self, step: Step, content: Content, *, sync: bool) -> Identity:
        """Take in what foreign code made of a draft: give it its metadata, and return what it is now.

        Raises:
            FileNotFoundError: the draft is gone.
            OSError: it is no longer a regular file.
        """
        folder = self._folders.handle(step.stage_folder)
        name = names.side(self._txn, step.side)
        handle = self._fs.open(folder, name)
        try:
            if content.donor is not None:
                self._take_metadata(handle, content.donor)
            if sync:
                self._fs.sync_file(handle)
            digest = self._digest(handle)
        finally:
            self._fs.close(handle)
        return records.identity(self._fs.stat(folder, name), digest, time.time_ns())

    def _digest(self, handle: Handle) -> str:
        digest = hashlib.sha256()
        for block in reading.blocks(self._fs, handle):
            digest.update(block)
        return digest.hexdigest()

    def _take_metadata(self, handle: Handle, donor: Donor) -> None:
        source = self._open_donor(donor)
        try:
            self._fs.copy_metadata(source, handle, times=donor.times)
            self._demand_donor(source, donor)
        finally:
            self._fs.close(source)

    def _open_donor(self, donor: Donor) -> Handle:
        """Open the donor. Whether it is what it was is asked once something was taken over: that holds for before, too."""
        known = self._folders.at(donor.folder)
        folder = self._fs.open_folder(donor.folder) if known is None else known
        try:
            return self._fs.open(folder, donor.name)
        except FileNotFoundError as error:
            raise Conflict(path=f"{donor.folder}/{donor.name}") from error
        finally:
            if known is None:
                self._fs.close(folder)

    def _demand_donor(self, source: Handle, donor: Donor) -> None:
        if not records.is_same(self._fs.fstat(source), donor.identity):
            raise Conflict(path=f"{donor.folder}/{donor.name}")
