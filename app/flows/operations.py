"""What a person queued, one card each, and the operations of a plan that it stands for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from app import texts
from app.values import Json


@dataclass(slots=True)
class Card:
    """One thing that was queued. `icon` is its kind's; a card that is switched off stays in sight.

    `searched` says in how many files a search looks.
    """

    icon: str
    title: str
    detail: str
    operations: list[Json] = field(default_factory=list)
    is_on: bool = True
    searched: int = 0

    def show_found(self, files: int) -> None:
        """Say in how many files a search has found something."""
        searched = texts.count(self.searched, "file", "files")
        some = f"in {files:,} of {searched}" if files else f"not found in {searched}"
        self.detail = f"in {searched}" if files == self.searched else some


def find_and_replace(paths: list[str], find: str, replacement: str, *, regex: bool, ignore_case: bool) -> Card:
    """Search each of these files."""
    operations: list[Json] = [
        {
            "op": "edit",
            "path": path,
            "find": find,
            "replace": replacement,
            "regex": regex,
            "ignore_case": ignore_case,
        }
        for path in paths
    ]
    title = f"{_short(find)} → {_short(replacement)}"
    detail = f"in {texts.count(len(paths), 'file', 'files')}"
    return Card("search", title, detail, operations, searched=len(paths))


def replace_with(path: str, source: str) -> Card:
    """Give a file the content of another."""
    operation: Json = {"op": "replace", "path": path, "source": source}
    return Card("replace", f"Replace {_name(path)}", f"with {_name(source)}", [operation])


def edit_text(path: str, text: str, digest: str) -> Card:
    """Give a file a text that was typed; refused if the file is not the one that was read."""
    operation: Json = {"op": "replace", "path": path, "text": text, "expect": digest}
    return Card("edit", f"Edit {_name(path)}", "text typed here", [operation])


def delete(paths: list[str]) -> Card:
    """Delete files and folders."""
    operations: list[Json] = [{"op": "delete", "path": path} for path in paths]
    title = f"Delete {_name(paths[0])}" if len(paths) == 1 else f"Delete {len(paths):,} items"
    return Card("delete", title, texts.shown(os.path.dirname(paths[0])), operations)


def rename(path: str, to: str) -> Card:
    """Give a file or folder another name."""
    operation: Json = {"op": "move", "path": path, "to": to}
    detail = f"to {_name(to)}" if os.path.dirname(path) == os.path.dirname(to) else f"to {texts.shown(to)}"
    return Card("rename", f"Rename {_name(path)}", detail, [operation])


def _name(path: str) -> str:
    return texts.shown(os.path.basename(path) or path)


def _short(text: str) -> str:
    plain = text.replace("\n", "⏎")
    if not plain:
        return "nothing"
    return plain if len(plain) <= 28 else plain[:27] + "…"
