"""Restoring is a batch like any other: these are its operations, in the words of a plan file."""

from __future__ import annotations

from core.errors import HoldfastError
from core.fs import walk
from core.leftovers.catalogue import is_managed_path
from core.leftovers.identify import what

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
