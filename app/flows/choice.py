"""What a person has chosen to work on: files and folders, before it is said what is to become of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient
from app.values import Json


@dataclass(frozen=True, slots=True)
class Chosen:
    """One file or folder; `kind` is "file" or "folder"."""

    path: str
    kind: str


class Choice(QObject):
    """The chosen things, in the order in which they came; the engine says what each one is."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._entries: dict[str, Chosen] = {}

    def add(self, paths: list[str]) -> None:
        """Choose more; `changed` follows, and `refused` (paths) for what is neither file nor folder."""
        request = self._engine.ask("look", paths=paths)
        request.done.connect(self._take)

    def clear(self) -> None:
        """Choose nothing."""
        self._entries.clear()
        self.changed.emit()

    @property
    def entries(self) -> list[Chosen]:
        """What is chosen."""
        return list(self._entries.values())

    @property
    def paths(self) -> list[str]:
        """The paths of what is chosen."""
        return list(self._entries)

    @property
    def only_file(self) -> str:
        """The path of the one file that is chosen, "" when it is anything else."""
        entries = self.entries
        return entries[0].path if len(entries) == 1 and entries[0].kind == "file" else ""

    @property
    def only(self) -> str:
        """The path of the one thing that is chosen, "" for none or several."""
        return next(iter(self._entries)) if len(self._entries) == 1 else ""

    def _take(self, answer: Json) -> None:
        refused = []
        for entry in answer["entries"]:
            if entry["kind"] in ("file", "folder"):
                self._entries[entry["path"]] = Chosen(entry["path"], entry["kind"])
            else:
                refused.append(entry["path"])
        self.changed.emit()
        if refused:
            self.refused.emit(refused)
