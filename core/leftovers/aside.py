"""What a person has decided about leftovers: these are kept, and those kinds are not to be told of here any more."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from core.fs import kept
from core.leftovers.identify import Leftover

_NAME = "leftovers"
_FRESH = 0.1  # seconds; to look at every leftover would cost as much as all else that is asked of it


class Aside:
    """The decisions. They are read again whenever they have changed, by whichever process."""

    def __init__(self, state: str | None = None) -> None:
        self._state = state
        self._seen: object = None
        self._looked = -math.inf
        self._decided = _Decisions({})

    def hides(self, found: Leftover) -> bool:
        """Whether it is not to be told: as long as it is the file that was decided about, or of a kind that is ignored."""
        if time.monotonic() - self._looked > _FRESH:
            self.version()
        return self._decided.hides(found)

    def version(self) -> object:
        """Return what is another value once anything else is decided, and take that into account."""
        now = kept.version(_NAME, self._state)
        if now != self._seen:
            self._seen, self._decided = now, _Decisions(kept.load(_NAME, self._state))
        self._looked = time.monotonic()
        return now

    def keep(self, found: Iterable[Leftover]) -> None:
        """Tell of these no more, until they change. Raises OSError."""
        with kept.changing(_NAME, self._state) as document:
            decided = _Decisions(document)
            decided.files.update((one.path, _identity(one)) for one in found)
            decided.store(document)
        self._looked = -math.inf

    def ignore(self, number: int, folder: str) -> None:
        """Tell of this kind no more in and below a folder. Raises OSError."""
        with kept.changing(_NAME, self._state) as document:
            decided = _Decisions(document)
            if [number, folder] not in decided.kinds:
                decided.kinds.append([number, folder])
            decided.store(document)
        self._looked = -math.inf

    def forget(self, folder: str) -> int:
        """Tell of everything in and below a folder again; return how many decisions that were. Raises OSError."""
        with kept.changing(_NAME, self._state) as document:
            decided = _Decisions(document)
            before = len(decided.files) + len(decided.kinds)
            decided.files = {path: what for path, what in decided.files.items() if not _is_below(path, folder)}
            decided.kinds = [pair for pair in decided.kinds if not _is_below(pair[1], folder)]
            decided.store(document)
        self._looked = -math.inf
        return before - len(decided.files) - len(decided.kinds)


class _Decisions:
    """What a document says: files by path, with what they were then, and pairs of a kind and a folder."""

    def __init__(self, document: dict[str, object]) -> None:
        files, kinds = document.get("files"), document.get("kinds")
        self.files: dict[str, object] = dict(files) if isinstance(files, dict) else {}
        self.kinds = [pair for pair in kinds if _is_pair(pair)] if isinstance(kinds, list) else []

    def hides(self, found: Leftover) -> bool:
        if self.files.get(found.path) == _identity(found):
            return True
        return any(found.number == number and _is_below(found.path, folder) for number, folder in self.kinds)

    def store(self, document: dict[str, object]) -> None:
        document.update(files=self.files, kinds=self.kinds)


def _identity(found: Leftover) -> list[object]:
    return [found.ino, found.size, found.mtime]


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and isinstance(pair[1], str)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
