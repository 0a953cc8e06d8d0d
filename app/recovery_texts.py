"""Words for the Recovery page: what was interrupted, and what became of it."""

from __future__ import annotations

from app.texts import age, shown
from app.words import _, counted
from core.keeping import Pending

WHAT_ANSWERS_DO = _(
    "“Put all back” gives every file its previous content and name (recommended). “Finish applying” completes the "
    "batch, if nothing has changed since. Until you decide, these files cannot be part of another batch."
)
WHAT_HERE_DOES = _(
    "Bring the disk or the folder back, and all of it can be put back. If it is gone for good, this puts the rest back and "
    "waits no longer."
)


def interrupted(batch: Pending, now: float) -> str:
    """Say what is known of a batch that was interrupted."""
    if batch.state == "unreadable":
        return _("Its record is damaged. Nothing is done with its files until somebody has looked at it.")
    if batch.state == "newer":
        return _(
            "A newer version of Holdfast has begun it, and has to put it right. Nothing is done with its files from here."
        )
    when = _("Started {age}", age=age(max(0.0, now - batch.started)))
    if batch.alive:
        return _("{when}, and still running in another window.", when=when)
    if batch.foreign:
        return _("{when} on another machine, or its disk is not here. Nothing is done with it from here.", when=when)
    return f"{_how_far(batch, when)} {_why(batch)}"


def _how_far(batch: Pending, when: str) -> str:
    files = counted(batch.files, "{n} file", "{n} files")
    if batch.state == "finishing":
        return _(
            "{when} and interrupted when all {files} had their new content. Only tidying up is left.",
            when=when,
            files=files,
        )
    if not batch.switched:
        return _("{when} and interrupted before any of its {files} was changed.", when=when, files=files)
    return _(
        "{when} and interrupted: {switched} of {files} have new content, the others are unchanged.",
        when=when,
        switched=batch.switched,
        files=files,
    )


def _why(batch: Pending) -> str:
    if batch.restarted:
        return _("The machine stopped or was started again.")
    return _("Holdfast was stopped, or the disk refused to go on; the machine has run on.")


def recovered(batch: Pending, result: str, code: str, kept: list[str]) -> str:
    """Say what became of an interrupted batch."""
    words = {
        "put_back": counted(batch.files, "Put back: {n} file is as before.", "Put back: {n} files are as before."),
        "finished": counted(batch.files, "Finished: {n} file is changed.", "Finished: {n} files are changed."),
        "busy": _("Another Holdfast is working on it. Nothing was changed."),
        "unknown": _("It has been ended already. Nothing was changed."),
        "needs_attention": f"{_('It could not be put right yet. Nothing is lost.')} {_ATTENTION.get(code, '')}",
    }[result]
    if not kept:
        return words
    return f"{words} {_('Kept for you to look at: {path}', path=', '.join(map(shown, kept)))}"


_ATTENTION = {
    "cannot_finish": _("It cannot be finished any more, but it can be put back."),
    "conflict": _("A file was changed meanwhile; it can still be put back."),
    "elsewhere": _("A disk or folder of this batch is not here."),
    "not_ours": _("The record of this batch belongs to another user."),
    "journal_damaged": _("Its record is damaged."),
    "journal_newer": _("A newer version of Holdfast has written its record, and has to put it right."),
    "failed": _("The disk refuses."),
}
