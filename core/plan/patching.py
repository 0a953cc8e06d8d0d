"""A unified diff as operations: it speaks of all files as they are before it, so renames may change places in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.content import patch as content
from core.content.edit import Tally
from core.content.patch import FilePatch, Splices
from core.errors import Problem, ProblemCode
from core.fs import files
from core.plan import renaming
from core.plan.disk import Finding
from core.plan.operations import Create, Delete, Material, Operation, Patch

_LARGE = 64 << 20
_NOTHING = b"/dev/null"
_FILE_MODES = (b"", b"100644", b"100755", b"100664")


class Rewritten(NamedTuple):
    """A file that gets new content by its lines. `at_most`: how many bytes of it may be read."""

    path: str
    splices: Splices


Step = Operation | Rewritten


class Patcher:
    """Reads the diff of an operation. `read` gives the content that a file has by now; `notes` collects offsets."""

    def __init__(self, operation: Patch, read: Callable[[str], bytes]) -> None:
        self._operation = operation
        self._read = read
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
        for one in patches:
            self._demand_possible(one)
        return patches

    def _demand_possible(self, one: FilePatch) -> None:
        where = os.fsdecode(one.headers.get("rename_to") or (one.new if one.new != _NOTHING else one.old))
        if not where:
            raise Finding(ProblemCode.BAD_PATCH, self._operation.path, reason="it has a file without a name")
        modes = [one.headers.get(key, b"") for key in ("old_mode", "new_mode", "made_mode", "gone_mode")]
        if one.binary:
            raise Finding(ProblemCode.BAD_PATCH, where, reason="it has a change of a file that is no text")
        if any(mode not in _FILE_MODES for mode in modes) or modes[0] != modes[1] or modes[2] == b"100755":
            raise Finding(ProblemCode.UNSUPPORTED, where, reason="it changes what kind of file this is, or its mode")

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
        return one.old == _NOTHING or "made_mode" in one.headers

    @staticmethod
    def _is_deleted(one: FilePatch) -> bool:
        return one.new == _NOTHING or "gone_mode" in one.headers

    def _copied(self, one: FilePatch) -> Iterator[Step]:
        if "copy_from" in one.headers and "copy_to" in one.headers:
            source, target = self._path(one.headers["copy_from"], 0), self._path(one.headers["copy_to"], 0)
            data = self._read(source)
            if one.hunks:
                splices = self._fitted(one, source, data)
                data = b"".join(splices.run([data], Tally()))
            yield Create(target, Material(data=data), self._operation.options)

    def _rewritten(self, one: FilePatch) -> Iterator[Step]:
        if not one.hunks or self._is_made(one) or self._is_deleted(one) or "copy_from" in one.headers:
            return
        path = self._old(one)
        yield Rewritten(path, self._fitted(one, path, self._read(path)))

    def _old(self, one: FilePatch) -> str:
        if "rename_from" in one.headers:
            return self._path(one.headers["rename_from"], 0)
        old, new = (self._path(name, self._operation.strip) for name in (one.old, one.new))
        # `diff -u a.orig a` names two files, of which the second one is meant unless there is none.
        return new if old != new and files.exists(new) else old

    def _fitted(self, one: FilePatch, path: str, data: bytes) -> Splices:
        try:
            splices, moved = content.fit(one.hunks, data)
        except content.Misfit as error:
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=error.number, line=error.line) from error
        for number, lines in moved:
            self.notes.append(Problem(ProblemCode.HUNK_OFFSET, path, values={"hunk": number, "lines": lines}, fixes=()))
        return splices

    def _deleted(self, one: FilePatch) -> Iterator[Step]:
        if not self._is_deleted(one):
            return
        path = self._path(one.old, self._operation.strip)
        if one.hunks and b"".join(self._fitted(one, path, self._read(path)).run([self._read(path)], Tally())):
            raise Finding(ProblemCode.HUNK_FAILS, path, hunk=1, line=1)  # there is more in it than is deleted
        yield Delete(path)

    def _made(self, one: FilePatch) -> Iterator[Step]:
        if self._is_made(one) and not self._is_deleted(one):
            data = b"".join(line for hunk in one.hunks for line in hunk.after)
            yield Create(self._path(one.new, self._operation.strip), Material(data=data))
