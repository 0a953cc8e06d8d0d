"""Words that only the History page needs; `app.history_texts` has those that the command line uses, too."""

from __future__ import annotations

from app import history_texts
from app.texts import age, size
from app.values import Json
from app.words import _, counted, day, number
from core.history import Entry

TITLE = _("History")
NO_BATCHES = (
    _("No batch has been applied yet"),
    _("Every batch is listed here afterwards, also one that was cancelled; and any of them can be undone as a whole."),
)
CHOOSE_BATCH = _("Choose a batch to see its files.")
CHOOSE_FILE = _("Choose a file to see what it was before the batch, and what it is now.")
COLUMNS = (_("Batch"), _("When"), _("Files"), _("State"), _("Previous versions"), _("Space"))
FILE_COLUMNS = (_("File"), _("What"), _("Since then"))
UNCHANGED = _("unchanged since")
PUT_BACK = _("put back")
LOOKING = "looking…"
REPORTS = {"markdown": ".md", "csv": ".csv", "json": ".json", "patch": ".diff"}
REPORT_NAMES = {"markdown": "Markdown", "csv": "CSV", "json": "JSON", "patch": _("Patch")}
NOTHING_EXPIRES = _("Nothing is old enough to be dropped.")
FREE_SPACE_MEANS = _("The batches stay in the list, but cannot be undone any more. Pinned batches are left alone.")


def figures(found: Json) -> str:
    """Say in one line what all batches came to, and how often they were put back."""
    if not found["batches"]:
        return ""
    parts = [
        counted(found["batches"], "{n} batch", "{n} batches"),
        counted(found["files"], "{n} file changed", "{n} files changed"),
    ]
    put_back = sum(found["put_back"].values())
    text = _("{number} put back", number=put_back)
    if put_back:
        reasons = [
            f"{number(many)} {history_texts.REASONS.get(why, why)}" for why, many in found["put_back"].items() if many
        ]
        text += f" ({number(100 * found['rollback_rate'])} %: {', '.join(reasons)})"
    parts.append(text)
    if found["held"]:
        parts.append(_("{size} of previous versions", size=size(found["held"])))
    return " · ".join(parts)


def when(seconds: float, now: float) -> str:
    """Say when something was: how long ago, or the day."""
    if now - seconds < 7 * 86_400:
        return age(now - seconds)
    return day(seconds)


def until(entry: Entry, now: float) -> str:
    """Say how long the previous versions of a batch are kept."""
    if not entry.held and not entry.can_undo:
        return _("none")
    if entry.is_pinned:
        return _("kept for good")
    if not entry.expires:
        return _("kept")
    days = max(0, round((entry.expires - now) / 86_400))
    return counted(days, "for {n} day", "for {n} days")


def undo_name(name: str) -> str:
    """Name the batch that undoes another."""
    return _("Undo “{name}”", name=name) if name else _("Undo a batch")


def expire_question(expired: list[Json]) -> str:
    """Say what would be dropped."""
    space = size(sum(one["bytes"] for one in expired))
    return _(
        "Drop the previous versions of {batches}? That frees {space}.",
        batches=counted(len(expired), "{n} batch", "{n} batches"),
        space=space,
    )


def was_expired(expired: list[Json]) -> str:
    """Say what was dropped."""
    space = size(sum(one["bytes"] for one in expired))
    return _(
        "{space} freed. {batches} cannot be undone any more.",
        space=space,
        batches=counted(len(expired), "{n} batch", "{n} batches"),
    )
