"""What a person has decided about leftovers: these are kept, and those kinds are not to be told of here any more."""

from __future__ import annotations

from collections.abc import Iterable

from core.fs import kept
from core.leftovers.identify import Leftover

_NAME = "leftovers"


class Aside:
    """The decisions, as they were when this was made."""

    def __init__(self, state: str | None = None) -> None:
        self._state = state
        document = kept.load(_NAME, state)
        files, kinds = document.get("files"), document.get("kinds")
        self._files: dict[str, object] = files if isinstance(files, dict) else {}
        self._kinds = [pair for pair in kinds if _is_pair(pair)] if isinstance(kinds, list) else []

    def hides(self, found: Leftover) -> bool:
        """Whether it is not to be told: as long as it is the file that was decided about, or of a kind that is ignored."""
        if self._files.get(found.path) == _identity(found):
            return True
        return any(found.number == number and _is_below(found.path, folder) for number, folder in self._kinds)

    def keep(self, found: Iterable[Leftover]) -> None:
        """Tell of these no more, until they change. Raises OSError."""
        self._files.update((one.path, _identity(one)) for one in found)
        self._store()

    def ignore(self, number: int, folder: str) -> None:
        """Tell of this kind no more in and below a folder. Raises OSError."""
        if [number, folder] not in self._kinds:
            self._kinds.append([number, folder])
        self._store()

    def forget(self, folder: str) -> int:
        """Tell of everything in and below a folder again; return how many decisions that were. Raises OSError."""
        before = len(self._files) + len(self._kinds)
        self._files = {path: what for path, what in self._files.items() if not _is_below(path, folder)}
        self._kinds = [pair for pair in self._kinds if not _is_below(pair[1], folder)]
        self._store()
        return before - len(self._files) - len(self._kinds)

    def _store(self) -> None:
        kept.store(_NAME, {"files": self._files, "kinds": self._kinds}, self._state)


def _identity(found: Leftover) -> list[object]:
    return [found.ino, found.size, found.mtime]


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and isinstance(pair[1], str)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
