"""A unified diff as operations: it speaks of all files as they are before it, so renames may change places in it.

Modes and symlinks are those that git knows: a file is a program or none, and the content of a symlink is what it says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.content import fitting, gitbinary
from core.content import patch as content
from core.content.edit import Tally
from core.content.fitting import Splices
from core.content.gitbinary import Blob
from core.content.patch import NOTHING, FilePatch
from core.errors import Problem, ProblemCode
from core.fs import files
from core.plan import renaming
from core.plan.disk import Finding
from core.plan.operations import Create, Delete, Link, Material, Mode, Operation, Patch, Replace

_LARGE = 64 << 20
_FILE_MODES = (b"100644", b"100755", b"100664")
_LINK_MODE = b"120000"


class Rewritten(NamedTuple):
    """A file that gets new content by its lines. `at_most`: how many bytes of it may be read."""

    path: str
    splices: Splices


Step = Operation | Rewritten


class Now(NamedTuple):
    """What there is at a path by now: the content of a file, what a symlink says (None: there is none), a program.

    And the path that the plan has for it.
    """

    content: Callable[[str], bytes]
    link: Callable[[str], str | None]
    runnable: Callable[[str], bool]
    canonical: Callable[[str], str]


class Patcher:
    """Reads the diff of an operation; `notes` collects offsets."""

    def __init__(self, operation: Patch, now: Now) -> None:
        self._operation = operation
        self._now = now
        self.findings: list[Finding] = []
        self.notes: list[Problem] = []

    def steps(self) -> Iterator[Step]:
        """Yield what is to be done, in order. Raises `Finding` when the diff cannot be read."""
        patches = self._patches()
        yield from self._each(patches, self._copied)
        yield from self._each(patches, self._rewritten)
        yield from self._each(patches, self._deleted)
        yield from renaming.all_at_once(
            (self._path(one.headers["rename_from"], 0), self._path(one.headers["rename_to"], 0))
            for one in patches
            if "rename_from" in one.headers and "rename_to" in one.headers
        )
        yield from self._each(patches, self._made)

    def _each(self, patches: list[FilePatch], step: Callable[[FilePatch], Iterator[Step]]) -> Iterator[Step]:
        for one in patches:
            try:
                yield from step(one)
            except Finding as finding:
                self.findings.append(finding)

    def _patches(self) -> list[FilePatch]:
        path = self._operation.path
        try:
            patches = content.parse(files.read_small(path, _LARGE))
        except content.BadPatch as error:
            raise Finding(ProblemCode.BAD_PATCH, path, reason=str(error)) from error
        except files.TooLarge as error:
            raise Finding(ProblemCode.BAD_PATCH, path, reason="it is larger than 64 MiB") from error
        known = {ident for one in patches for ident in fitting.idents(one.hunks, one.new)}
        if unknown := self._operation.skip - known:
            raise Finding(ProblemCode.UNKNOWN_SKIP, path, skip=", ".join(sorted(unknown)))
        meant = [one for one in patches if not self._is_left_out(one)]
        for one in meant:
            self._demand_possible(one)
        return meant

    def _is_left_out(self, one: FilePatch) -> bool:
        without = self._operation.without
        if not without:
            return False
        try:
            return not {self._now.canonical(path) for path in self._changed_by(one)}.isdisjoint(without)
        except Finding:  # what it is about cannot be said, so nobody has left it out
            return False

    def _changed_by(self, one: FilePatch) -> Iterator[str]:
        """Yield the paths of what a part of the diff changes."""
        if "copy_to" in one.headers:
            yield self._path(one.headers["copy_to"], 0)
        elif "rename_from" in one.headers and "rename_to" in one.headers:
            yield self._path(one.headers["rename_from"], 0)
            yield self._path(one.headers["rename_to"], 0)
        elif self._is_made(one):
            yield self._path(one.new, self._operation.strip)
        elif self._is_deleted(one):
            yield self._path(one.old, self._operation.strip)
        else:
            yield self._old(one)

    def _demand_possible(self, one: FilePatch) -> None:
        where = os.fsdecode(
            one.headers.get("rename_to") or one.headers.get("copy_to") or (one.new if one.new != NOTHING else one.old)
        )
        if not where:
            raise Finding(ProblemCode.BAD_PATCH, self._operation.path, reason="it has a file without a name")
        if one.binary and one.blob is None:
            raise Finding(ProblemCode.BAD_PATCH, where, reason="it has a change of a file that is no text")
        modes = [
            one.headers[key]
            for key in ("old_mode", "new_mode", "made_mode", "gone_mode", "mode")
            if one.headers.get(key)
        ]
        if any(mode not in (*_FILE_MODES, _LINK_MODE) for mode in modes) or (
            _LINK_MODE in modes and len(set(modes)) > 1
        ):
            raise Finding(ProblemCode.UNSUPPORTED, where, reason="it changes what kind of file this is")

    def _path(self, name: bytes, strip: int) -> str:
        parts = os.fsdecode(name).split("/")[strip:]
        if not parts or ".." in parts or not parts[-1]:
            raise Finding(ProblemCode.BAD_PATCH, os.fsdecode(name), reason="this path leads out of the folder")
        path = os.path.normpath(os.path.join(self._operation.base, *parts))
        if os.path.isabs(parts[0]):
            raise Finding(ProblemCode.BAD_PATCH, path, reason="this path is absolute")
        return path

    @staticmethod
    def _is_made(one: FilePatch) -> bool:
        return one.old == NOTHING or "made_mode" in one.headers

    @staticmethod
    def _is_deleted(one: FilePatch) -> bool:
        return one.new == NOTHING or "gone_mode" in one.headers

    @staticmethod
    def _is_link(one: FilePatch) -> bool:
        return _LINK_MODE in (one.headers.get(key) for key in ("made_mode", "gone_mode", "mode"))

    def _copied(self, one: FilePatch) -> Iterator[Step]:
        if "copy_from" in one.headers and "copy_to" in one.headers:
            source, target = self._path(one.headers["copy_from"], 0), self._path(one.headers["copy_to"], 0)
            data = self._changed(one, source)
            if self._now.link(source) is not None:
                yield Link(target, os.fsdecode(data))
                return
            yield Create(target, Material(data=data), self._operation.options)
            wanted = one.headers.get("new_mode")
            if wanted == b"100755" or (wanted is None and self._now.runnable(source)):
                yield Mode(target, runnable=True)

    def _rewritten(self, one: FilePatch) -> Iterator[Step]:
        if self._is_made(one) or self._is_deleted(one) or "copy_from" in one.headers:
            return
        path = self._old(one)
        if one.hunks and not self._is_link(one):
            yield Rewritten(path, self._fitted(one, path, self._read(one, path), self._operation.skip))
        elif one.hunks:
            said = os.fsdecode(self._changed(one, path))
            yield Delete(path)
            yield Link(path, said)
        elif one.blob is not None:
            yield Replace(path, Material(data=self._changed(one, path)), self._operation.options)
        yield from self._mode(one, path)

    def _mode(self, one: FilePatch, path: str) -> Iterator[Step]:
        """Yield what gives a file the new mode, if it gets one."""
        wanted = one.headers.get("new_mode", b"")
        if wanted and wanted != one.headers.get("old_mode"):
            yield Mode(path, wanted == b"100755", self._operation.options)

    def _old(self, one: FilePatch) -> str:
        if "rename_from" in one.headers:
            return self._path(one.headers["rename_from"], 0)
        old, new = (self._path(name, self._operation.strip) for name in (one.old, one.new))
        # `diff -u a.orig a` names two files, of which the second one is meant unless there is none.
        return new if old != new and files.exists(new) else old

    def _read(self, one: FilePatch, path: str) -> bytes:
        """Return what is there: the content of a file, or what a symlink says."""
        link = self._now.link(path)
        if link is not None and (self._is_link(one) or "copy_from" in one.headers):
            return os.fsencode(link)
        if self._is_link(one):
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=1, line=1)  # no symlink any more
        return self._now.content(path)

    def _changed(self, one: FilePatch, path: str) -> bytes:
        """Return what becomes of what is there."""
        data = self._read(one, path)
        if one.blob is None:
            return b"".join(self._fitted(one, path, data).run([data], Tally()))
        return self._of_blob(one, path, data, one.blob)

    def _of_blob(self, one: FilePatch, path: str, before: bytes, blob: Blob) -> bytes:
        # A binary change says nothing of what it replaces but this name of it, and must not replace anything else.
        if not gitbinary.is_of(before, one.headers.get("old_hash", b"")):
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=1, line=1)
        try:
            return blob.apply(before)
        except gitbinary.BadBlob as error:
            raise Finding(ProblemCode.BAD_PATCH, path, reason=str(error)) from error

    def _fitted(self, one: FilePatch, path: str, data: bytes, skip: frozenset[str] = frozenset()) -> Splices:
        try:
            splices, moved = fitting.fit(one.hunks, data, one.new, skip, self._operation.path)
        except fitting.Misfit as error:
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=error.number, line=error.line) from error
        for number, lines in moved:
            self.notes.append(Problem(ProblemCode.HUNK_OFFSET, path, values={"hunk": number, "lines": lines}, fixes=()))
        return splices

    def _deleted(self, one: FilePatch) -> Iterator[Step]:
        if not self._is_deleted(one):
            return
        path = self._path(one.old, self._operation.strip)
        if (one.hunks or one.blob or self._is_link(one)) and self._changed(one, path):
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=1, line=1)  # there is more in it than is deleted
        yield Delete(path)

    def _made(self, one: FilePatch) -> Iterator[Step]:
        if not self._is_made(one) or self._is_deleted(one):
            return
        path = self._path(one.new, self._operation.strip)
        if one.blob is None:
            data = b"".join(line for hunk in one.hunks for line in hunk.after)
        else:
            data = self._of_blob(one, path, b"", one.blob)
        if self._is_link(one):
            yield Link(path, os.fsdecode(data))
            return
        yield Create(path, Material(data=data))
        if one.headers.get("made_mode") == b"100755":
            yield Mode(path, runnable=True)
