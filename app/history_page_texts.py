"""Words that only the History page needs; `app.history_texts` has those that the command line uses, too."""

from __future__ import annotations

import time

from app.texts import age, count, size
from app.values import Json
from core.history import Entry

TITLE = "History"
NO_BATCHES = (
    "No batch has been applied yet",
    "Every batch is listed here afterwards, also one that was cancelled; and any of them can be undone as a whole.",
)
CHOOSE_BATCH = "Choose a batch to see its files."
CHOOSE_FILE = "Choose a file to see what it was before the batch, and what it is now."
COLUMNS = ("Batch", "When", "Files", "State", "Previous versions", "Space")
FILE_COLUMNS = ("File", "What", "Since then")
UNCHANGED = "unchanged since"
PUT_BACK = "put back"
LOOKING = "looking…"
REPORTS = {"markdown": ".md", "csv": ".csv", "json": ".json", "patch": ".diff"}
NOTHING_EXPIRES = "Nothing is old enough to be dropped."
FREE_SPACE_MEANS = "The batches stay in the list, but cannot be undone any more. Pinned batches are left alone."


def figures(found: Json) -> str:
    """Say in one line what all batches came to, and how often they were put back."""
    if not found["batches"]:
        return ""
    parts = [count(found["batches"], "batch", "batches"), f"{count(found['files'], 'file', 'files')} changed"]
    put_back = sum(found["put_back"].values())
    reasons = ", ".join(f"{number:,} {reason}" for reason, number in found["put_back"].items() if number)
    rate = f" ({100 * found['rollback_rate']:.0f} %: {reasons})" if put_back else ""
    parts.append(f"{put_back:,} put back{rate}")
    if found["held"]:
        parts.append(f"{size(found['held'])} of previous versions")
    return " · ".join(parts)


def when(seconds: float, now: float) -> str:
    """Say when something was: how long ago, or the day."""
    if now - seconds < 7 * 86_400:
        return age(now - seconds)
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def until(entry: Entry, now: float) -> str:
    """Say how long the previous versions of a batch are kept."""
    if not entry.held and not entry.can_undo:
        return "none"
    if entry.is_pinned:
        return "kept for good"
    if not entry.expires:
        return "kept"
    days = max(0, round((entry.expires - now) / 86_400))
    return f"for {count(days, 'day', 'days')}"


def undo_name(name: str) -> str:
    """Name the batch that undoes another."""
    return f"Undo “{name}”" if name else "Undo a batch"


def expire_question(expired: list[Json]) -> str:
    """Say what would be dropped."""
    space = size(sum(one["bytes"] for one in expired))
    return f"Drop the previous versions of {count(len(expired), 'batch', 'batches')}? That frees {space}."


def was_expired(expired: list[Json]) -> str:
    """Say what was dropped."""
    space = size(sum(one["bytes"] for one in expired))
    return f"{space} freed. {count(len(expired), 'batch', 'batches')} cannot be undone any more."
