"""What a person queued, one card each, and the operations of a plan that it stands for."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from app import short_texts, texts
from app.values import Json
from app.words import _, counted

TREES = frozenset({"find_replace", "rename", "convert"})
_OF_MANY = TREES | {"patch"}  # of which single files can be left out
_ICONS = {
    "find_replace": "search",
    "edit": "edit",
    "replace": "replace",
    "write": "create",
    "create": "create",
    "delete": "delete",
    "move": "rename",
    "rename": "rename",
    "convert": "convert",
    "patch": "patch",
}


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One thing that was queued, as it is shown, and what it stands for; one that is switched off stays in sight."""

    icon: str
    title: str
    detail: str
    operations: tuple[Json, ...] = ()
    is_on: bool = True

    @property
    def kind(self) -> str:
        """Its kind of operation."""
        return str(self.operations[0]["op"]) if self.operations else ""

    @property
    def is_search(self) -> bool:
        """Whether it looks for its files by itself."""
        return self.kind in TREES

    def with_found(self, files: int) -> Card:
        """Return the card of a search that says in how many files it has found something."""
        where = _where(self.operations[0])
        found = counted(files, "{n} file", "{n} files") if files else _("nothing")
        return replace(self, detail=_("{found} in {where}", found=found, where=where))


def card(*operations: Json) -> Card:
    """Return the card for operations of one kind."""
    first = operations[0]
    match first["op"]:
        case "find_replace":
            title, detail = short_texts.pairs_title(first.get("pairs") or [first]), _("in {where}", where=_where(first))
        case "rename":
            title, detail = (
                _(
                    "Rename {find} → {replacement}",
                    find=short_texts.short(first["find"]),
                    replacement=short_texts.short(first["replace"]),
                ),
                _("in {where}", where=_where(first)),
            )
        case "convert":
            title, detail = _("Convert to {wanted}", wanted=_wanted(first)), _("in {where}", where=_where(first))
        case "patch":
            title, detail = (
                _("Patch {name}", name=_name(first["file"])),
                _("in {where}", where=_name(str(first.get("base") or first["file"]))),
            )
        case "create" | "write":
            title, detail = _("Create {name}", name=_name(first["path"])), texts.shown(os.path.dirname(first["path"]))
        case "replace":
            source = _("with {name}", name=_name(first["source"])) if "source" in first else _("text typed here")
            title, detail = _("Replace {name}", name=_name(first["path"])), source
        case "edit":
            title, detail = (
                _("Edit {name}", name=_name(first["path"])),
                f"{short_texts.short(first['find'])} → {short_texts.short(first['replace'])}",
            )
        case "move":
            to, there = first["to"], os.path.dirname(first["path"]) == os.path.dirname(first["to"])
            title, detail = (
                _("Rename {name}", name=_name(first["path"])),
                _("to {name}", name=_name(to) if there else texts.shown(to)),
            )
        case _:
            title, detail = _("Delete {name}", name=_name(first["path"])), texts.shown(os.path.dirname(first["path"]))
    if len(operations) > 1:
        title = _of_many(first["op"], len(operations))
    return Card(_ICONS[first["op"]], title, detail, operations)


def _of_many(kind: str, number: int) -> str:
    """Return the title of a card for several things."""
    match kind:
        case "delete":
            return counted(number, "Delete {n} item", "Delete {n} items")
        case "move":
            return counted(number, "Rename {n} item", "Rename {n} items")
        case "create" | "write":
            return counted(number, "Create {n} item", "Create {n} items")
    return counted(number, "Change {n} item", "Change {n} items")


def cards(operations: list[Json]) -> list[Card]:
    """Return a card for each operation; many deletes one after the other share one."""
    found: list[Card] = []
    for one in operations:
        if one["op"] == "delete" and found and found[-1].kind == "delete":
            found[-1] = card(*found[-1].operations, one)
        else:
            found.append(card(one))
    return found


def find_and_replace(roots: list[str], find: str, replacement: str, **more: object) -> Card:
    """Search files, and all text files below folders; `more` as in a plan file."""
    return card({"op": "find_replace", "roots": roots, "find": find, "replace": replacement, **more})


def replace_with(path: str, source: str) -> Card:
    """Give a file the content of another."""
    return card({"op": "replace", "path": path, "source": source})


def edit_text(path: str, text: str, digest: str) -> Card:
    """Give a file a text that was typed; refused if the file is not the one that was read."""
    operation: Json = {"op": "replace", "path": path, "text": text, "expect": digest}
    return replace(card(operation), icon="edit", title=_("Edit {name}", name=_name(path)))


def delete(paths: list[str]) -> Card:
    """Delete files and folders."""
    return card(*({"op": "delete", "path": path} for path in paths))


def rename(path: str, to: str) -> Card:
    """Give a file or folder another name."""
    return card({"op": "move", "path": path, "to": to})


def undo(txn: str, name: str) -> Card:
    """Take a batch back: a batch by itself."""
    return Card(
        "history", name, _("what was before it comes back"), ({"op": "undo", "txn": txn, "rest": "ask", "choices": {}},)
    )


def with_skip(queued: list[Card], number: int, ids: set[str], *, is_out: bool) -> list[Card]:
    """Return cards in which the operation with that number leaves some matches out, or takes them in again."""
    first, found = 0, []
    for one in queued:
        at = number - first
        if one.is_on and 0 <= at < len(one.operations):
            chosen = one.operations[at]
            skip = set(chosen.get("skip", ()))
            new = {**chosen, "skip": sorted(skip | ids if is_out else skip - ids)}
            one = replace(one, operations=(*one.operations[:at], new, *one.operations[at + 1 :]))  # noqa: PLW2901
        first += len(one.operations) if one.is_on else 0
        found.append(one)
    return found


def left_out(queued: list[Card], numbers: dict[int, set[str]]) -> list[Card]:
    """Return cards without the operations that have these numbers, those about many files only without the paths there.

    Numbers count the operations of all cards that are switched on.
    """
    first, kept = 0, []
    for one in queued:
        if not one.is_on:
            kept.append(one)
            continue
        rest = []
        for number, operation in enumerate(one.operations, first):
            paths = numbers.get(number)
            if paths is None:
                rest.append(operation)
            elif operation["op"] in _OF_MANY and paths.isdisjoint(
                [*operation.get("roots", ()), operation.get("file", "")]
            ):
                rest.append({**operation, "without": [*operation.get("without", ()), *sorted(paths)]})
        first += len(one.operations)
        if rest:
            kept.append(one if rest == list(one.operations) else replace(one, operations=tuple(rest)))
    return kept


_ABOUT_FILES = ("links", "times", "guard")
_WITH_CONTENT = frozenset({"write", "replace", "edit", "find_replace", "convert", "patch"})


def with_defaults(operation: Json, defaults: Json) -> Json:
    """Return an operation that says about files what it does not say by itself."""
    if operation["op"] not in _WITH_CONTENT:
        return operation
    return {**{key: defaults[key] for key in _ABOUT_FILES if key in defaults}, **operation}


def _where(operation: Json) -> str:
    roots = operation["roots"]
    where = _name(roots[0]) if len(roots) == 1 else counted(len(roots), "{n} place", "{n} places")
    only = " ".join(operation.get("glob", ()))
    return f"{where} · {short_texts.short(only)}" if only else where


def _wanted(operation: Json) -> str:
    words = [str(operation[key]).upper() for key in ("encoding", "newline") if operation.get(key)]
    if operation.get("final_newline"):
        words.append(_("a line end at the end"))
    if operation.get("trailing_space") is False:
        words.append(_("no trailing space"))
    if operation.get("bom") is False:
        words.append(_("no byte order mark"))
    return ", ".join(words)


def _name(path: str) -> str:
    return texts.shown(os.path.basename(path) or path)
