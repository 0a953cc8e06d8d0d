"""Whether files are as a batch left them."""

from __future__ import annotations

from core.fs.api import Kind
from core.history import Drift
from core.history.track import Track
from core.journal import records
from core.journal.records import Identity
from core.plan import render


class Differ:
    """Compares what is at a path with what a journal knows; reads a file only where its stat proves nothing.

    `thorough`: reads every file of which a digest is known.
    """

    def __init__(self, steps: Track, *, thorough: bool = False) -> None:
        self._track = steps
        self._thorough = thorough

    def drift(self, path: str, known: Identity | None, *, content: bool = True) -> Drift | None:
        """Say how a file differs from what is known of it, None for not at all; without `content` the file will do."""
        stat = self._track.look(path)
        if stat is None:
            return Drift.GONE
        if known is None or stat.kind.value != known.kind:
            return Drift.REPLACED
        reads = self._thorough and bool(known.digest)
        if not content and known.ino and stat.ino == known.ino and not reads:
            return None
        if stat.kind is Kind.FOLDER:
            return None if not known.ino or stat.ino == known.ino else Drift.REPLACED
        if stat.kind is not Kind.FILE:
            return None if records.is_same(stat, known) else Drift.EDITED
        if records.is_same(stat, known) and not records.is_racy(known) and not reads:
            return None
        return None if self.is_content(path, known) or self._is_undigested(path, known) else Drift.EDITED

    def is_content(self, path: str, known: Identity | None) -> bool:
        """Whether a path is a file with just that content."""
        stat = self._track.look(path)
        if known is None or not known.digest or stat is None or stat.kind is not Kind.FILE or stat.size != known.size:
            return False
        return self.digest(path) == known.digest

    def _is_undigested(self, path: str, known: Identity) -> bool:
        """Whether nobody has read the file, so that its stat has to do."""
        stat = self._track.look(path)
        return not known.digest and records.is_same(stat, known)

    def digest(self, path: str) -> str:
        """Return the SHA-256 of a file, "" where it cannot be read."""
        try:
            return render.digest(render.read(self._track.fs, path))[1]
        except OSError:
            return ""

    def entries(self, folder: str) -> list[str] | None:
        """Return the names in a folder, None where nobody may look."""
        try:
            handle = self._track.fs.open_folder(folder)
        except OSError:
            return None
        try:
            return list(self._track.fs.list(handle))
        finally:
            self._track.fs.close(handle)
