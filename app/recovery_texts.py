"""Words for the Recovery page: what was interrupted, and what became of it."""

from __future__ import annotations

from app.texts import age, count, shown
from core.api import Pending

WHAT_ANSWERS_DO = (
    "“Put all back” gives every file its previous content and name (recommended). “Finish applying” completes the "
    "batch, if nothing has changed since. Until you decide, these files cannot be part of another batch."
)


def interrupted(batch: Pending, now: float) -> str:
    """Say what is known of a batch that was interrupted."""
    if batch.state == "unreadable":
        return "Its record is damaged. Nothing is done with its files until somebody has looked at it."
    if batch.state == "newer":
        return "A newer version of Holdfast has begun it, and has to put it right. Nothing is done with its files from here."
    when = f"Started {age(max(0.0, now - batch.started))}"
    if batch.alive:
        return f"{when}, and still running in another window."
    if batch.foreign:
        return f"{when} on another machine, or its disk is not here. Nothing is done with it from here."
    files = count(batch.files, "file", "files")
    if batch.state == "finishing":
        return f"{when} and interrupted when all {files} had their new content. Only tidying up is left."
    if not batch.switched:
        return f"{when} and interrupted before any of its {files} was changed."
    return f"{when} and interrupted: {batch.switched:,} of {files} have new content, the others are unchanged."


def recovered(batch: Pending, result: str, code: str, kept: list[str]) -> str:
    """Say what became of an interrupted batch."""
    files = count(batch.files, "file is", "files are")
    words = {
        "put_back": f"Put back: {files} as before.",
        "finished": f"Finished: {files} changed.",
        "busy": "Another Holdfast is working on it. Nothing was changed.",
        "unknown": "It has been ended already. Nothing was changed.",
        "needs_attention": "It could not be put right yet. Nothing is lost. " + _ATTENTION.get(code, ""),
    }[result]
    return words + (f" Kept for you to look at: {', '.join(map(shown, kept))}" if kept else "")


_ATTENTION = {
    "cannot_finish": "It cannot be finished any more, but it can be put back.",
    "conflict": "A file was changed meanwhile; it can still be put back.",
    "elsewhere": "A disk or folder of this batch is not here.",
    "not_ours": "The record of this batch belongs to another user.",
    "journal_damaged": "Its record is damaged.",
    "journal_newer": "A newer version of Holdfast has written its record, and has to put it right.",
    "failed": "The disk refuses.",
}
