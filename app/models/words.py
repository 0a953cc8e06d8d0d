"""What the table of files shows and says in each cell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app import problem_texts, texts, window_texts
from app.models.columns import Column
from app.models.ticks import is_tickable
from app.values import Change, Figures
from app.words import _, number

if TYPE_CHECKING:
    from app.models.files import FilesModel


def cell(model: FilesModel, change: Change, column: Column) -> str:
    """Return what a cell shows."""
    match column:
        case Column.FILE:
            return texts.shown(os.path.basename(change.to or change.path))
        case Column.ACTION:
            return texts.ACTIONS[change.action]
        case Column.MATCHES:
            return number(change.matches) if change.matches else ""
        case Column.LINES:
            return lines(model.remarks.figures(change))
        case Column.FORMAT:
            return formats(model.remarks.figures(change))
        case Column.SIZE:
            return "" if change.size_after is None else texts.size(change.size_after)
        case Column.STATUS:
            found = model.remarks.problem(change)
            return texts.problem_short(found) if found else _calm_status(model, change)


def lines(figures: Figures | None) -> str:
    """Say how many lines come and go."""
    if figures is None:
        return ""
    return f"+{number(figures.added)} −{number(figures.removed)}"


def formats(figures: Figures | None) -> str:
    """Say how a text is written; before and after, where that is not the same."""
    if figures is None:
        return ""
    both = [window_texts.text_format(*one) for one in (figures.before, figures.after) if one is not None]
    return " → ".join(dict.fromkeys(both))


def tip(model: FilesModel, change: Change) -> str:
    """Return what is said of a row in full."""
    if (found := model.remarks.problem(change)) is not None:
        return texts.problem(found)
    note = model.note_of(change)
    return texts.note(note) if note is not None else texts.shown(change.to or change.path)


def spoken(model: FilesModel, change: Change, column: Column) -> str:
    """Return what a screen reader says of a cell: with its tick and its folder, or with its column's name."""
    if column is not Column.FILE:
        return f"{texts.FILE_COLUMNS[column]}: {cell(model, change, column)}"
    path = texts.shown(change.to or change.path)
    if not is_tickable(change):
        return path
    return _("ticked, {path}", path=path) if model.is_ticked(change) else _("not ticked, {path}", path=path)


def _calm_status(model: FilesModel, change: Change) -> str:
    if not model.is_ticked(change):
        return texts.LEFT_OUT
    if (note := model.note_of(change)) is not None:
        return problem_texts.NOTED[note.code]
    return texts.APPLIED if model.is_applied else texts.READY
