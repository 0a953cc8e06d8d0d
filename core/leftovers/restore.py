"""Restoring is a batch like any other: these are its operations, in the words of a plan file."""

from __future__ import annotations

import hashlib
import os

from core.errors import HoldfastError
from core.fs import reading, walk
from core.fs.api import FileSystem
from core.leftovers.catalogue import is_managed_path
from core.leftovers.identify import Leftover, what
from core.plan.plan import Action, Plan

Json = dict[str, object]


class NotRestorable(HoldfastError):
    """A file is no version of anything, or not ours to move; `values` has `path`."""

    code = "not_restorable"


class Missing(HoldfastError):
    """The leftover is not there any more; `values` has `path`."""

    code = "missing"


def restore(path: str, original: str, *, expect: str = "", remove: bool = False) -> list[Json]:
    """Return the operations that give `original` the content of the leftover at `path`; both are absolute.

    The original keeps its owner, mode and attributes. `expect` ("sha256:...") is what the original must still be when
    the batch is applied. Where the original is gone it is made anew. `remove`: the leftover goes in the same batch; an
    original that was gone is then the leftover itself under its old name, with the owner and mode that it had.

    Raises:
        NotRestorable: its content is no version of an original: a lock, an editor's own file, part of a database.
        Missing: there is no such file any more.
    """
    seen = walk.look(path)
    if seen is None:
        raise Missing(path=path)
    match = what(path)
    if match is None or not match.signature.family.is_version or seen.kind != "file" or is_managed_path(path):
        raise NotRestorable(path=path)
    if walk.look(original) is None:
        if remove:
            return [{"op": "move", "path": path, "to": original}]
        return [{"op": "create", "path": original, "source": path}]
    operations: list[Json] = [{"op": "replace", "path": original, "source": path}]
    if expect:
        operations[0]["expect"] = expect
    if remove:
        operations.append({"op": "delete", "path": path})
    return operations


def is_as_shown(fs: FileSystem, plan: Plan, found: Leftover, original: str) -> bool:
    """Whether a plan is about the very leftover that was shown, and about what it belongs to.

    While it was made, a folder may have been a symlink that leads elsewhere: then it is about other files.
    """
    goal = original
    if os.path.dirname(original) != os.path.dirname(found.path) or fs.is_symlink(original):
        goal = fs.resolve(original)
    changes = [one for one in plan.changes() if one.action is not Action.FOLDER]
    if {path for one in changes for path in (one.path, one.to) if path} - {goal, found.path}:
        return False
    wanted = [one.digest_after for one in changes if one.path == goal and one.digest_after]
    return all(digest == _digest(fs, found) for digest in wanted)


def _digest(fs: FileSystem, found: Leftover) -> str:
    """Return the digest of the leftover itself, reached through no symlink; "" where another file is there."""
    folder, name = os.path.split(found.path)
    try:
        where = fs.open_folder(folder)
    except OSError:
        return ""
    try:
        handle = fs.open(where, name)
        try:
            seen = fs.fstat(handle)
            if (seen.ino, seen.size, walk.seconds(seen.mtime_ns)) != (found.ino, found.size, found.mtime):
                return ""
            total = hashlib.sha256()
            for block in reading.blocks(fs, handle):
                total.update(block)
            return total.hexdigest()
        finally:
            fs.close(handle)
    except OSError:
        return ""
    finally:
        fs.close(where)
