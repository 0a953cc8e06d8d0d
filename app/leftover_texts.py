"""Words for the Leftovers page: what the judge says, what is watched, and what was left where it is."""

from __future__ import annotations

import math
import os

from app.kind_texts import told
from app.short_texts import shortened
from app.texts import NOTHING_CHANGED, shown, size
from app.values import Coverage, Json, Leftover
from app.words import _, counted

ADVICE = {
    "restore": _("look, then restore"),
    "clear": _("can be cleared"),
    "ask": _("clear it if you do not need it"),
    "recover": _("put right first"),
    "keep": _("keep"),
    "wait": _("wait"),
    "protected": _("leave alone"),
}

GROUPS = {
    "recover": _("Of interrupted batches; `holdfast recover` puts them right"),
    "restore": _("To look at, and perhaps to restore"),
    "clear": _("Of no use any more; `holdfast clear` clears these"),
    "ask": _("Used by nobody; clear them if you do not need them"),
    "keep": _("To keep"),
    "wait": _("In use, or too new to tell"),
    "protected": _("Never to be touched"),
}

# The groups of the page, in their order; what comes first wants a person most.
PAGE_GROUPS = {
    "": _("All"),
    "recover": _("Interrupted"),
    "restore": _("Look, then restore"),
    "clear": _("Of no use"),
    "ask": _("Used by nobody"),
    "keep": _("To keep"),
    "wait": _("In use or too new"),
    "protected": _("Protected"),
}
ORDER = {name: number for number, name in enumerate(PAGE_GROUPS)}

REASONS = {
    "part_of_something": _("It is part of something that is in use, whatever its name suggests."),
    "batch_runs": _("A batch that is running now needs it."),
    "batch_interrupted": _("It belongs to an interrupted batch: put that right first, on the Recovery page."),
    "batch_elsewhere": _("It belongs to a batch of another computer, or one whose disks are not all here."),
    "batch_unknown": _("It was left by a Holdfast batch that is not known here. It may be an only copy."),
    "batch_finished": _("A batch that is over left it. It holds nothing that is still needed."),
    "changed_after_us": _("A batch that is over left it, and it was changed after that."),
    "in_use": _("A program has it open, or is still at work on the file that it belongs to."),
    "owner_unknown": _("Nobody can tell whether the program that made it is still at work."),
    "lock": _("It says that somebody has the file open. It holds nothing else."),
    "lock_stale": _("It says that a program has the file open, and that program is not running any more."),
    "nothing_unsaved": _("Its editor is not running any more, and had nothing to save."),
    "old_unsaved": _("It may hold changes that were not saved, but the file was saved after that."),
    "managed": _("A program tidies up there by itself."),
    "transfer_over": _("A download that nobody has gone on with for long."),
    "perhaps_partial": _("The file that it belongs to is missing. This may be the only copy, and only a part of it."),
    "twin": _("A file beside it has the same content."),
    "half_written": _("A save or a transfer that was not finished; the file that it belongs to was written after it."),
    "scratch": _("It is of no use without the program that made it, which is not using it."),
    "crash_report": _("It tells why a program crashed."),
    "old_remains": _("Nothing has used it for more than a week. Its name does not tell what it belongs to."),
    "not_a_plain_file": _("It is a link, has other names, or belongs to another user."),
    "editor_file": _("It may hold changes that were not saved. Only its editor can read it: open the file there."),
    "conflict": _("It holds changes that could not be merged."),
    "transfer": _("A download that was not finished. The program that began it may be able to go on."),
    "settings": _("A package manager set it aside, for you to compare with the settings in use."),
    "too_new": _("It is only a few minutes old: a program may still be about to use it."),
    "in_flight": _("It is less than a day old: a program may still be writing it."),
    "only_copy": _("The file that it belongs to is missing. This may be the only copy."),
    "same": _("It has the same content as the file that it belongs to."),
    "empty": _("It is empty, and more than a day old."),
    "no_original": _("Its name does not tell what it belongs to."),
    "unchecked": _("It could not be compared with the file that it belongs to: too large, or not readable."),
    "original_empty": _("The file that it belongs to is empty, and this is not."),
    "newer": _("It is newer than the file that it belongs to, and differs from it."),
    "unsaved": _("It is newer than the file that it belongs to: it may hold what was not saved."),
    "never_arrived": _("It is newer than the file that it belongs to: a save may not have been finished."),
    "older": _("It is an older version of the file that it belongs to."),
    "kept_for_you": _("Holdfast kept it here because another program had changed the file meanwhile."),
    "unknown": _("Nothing more is known about it."),
}

_HOURS_FROM = 5_400  # seconds: hours are said from one and a half

NOT_TRASHED = {
    "changed": _("it has changed since it was shown"),
    "missing": _("it is not there any more"),
    "protected": _("it belongs to a batch or to something that is in use"),
    "not_a_plain_file": _("it is not a plain file"),
    "in_use": _("a program has it open"),
    "refused": _("the disk or the desktop refuses"),
}


def compared(one: Leftover) -> str:
    """Say how a leftover compares with its original."""
    if one.same is not None:
        return _("same content") if one.same else _("differs")
    if one.reason == "only_copy":
        return _("original is missing")
    return _("not compared") if one.original else _("nothing to compare")


def state(one: Leftover) -> str:
    """Say how it stands with a leftover: who is at it, else how it compares."""
    if one.reason == "in_use":
        return _("open in {program}", program=one.who) if one.who else _("in use")
    if one.reason == "lock" and one.who:
        return _("of {who}", who=shown(one.who))
    return compared(one)


LEFTOVER_COLUMNS = (_("File"), _("Made by"), _("Belongs to"), _("State"), _("Age"), _("Size"), _("Advice"))
NOT_WATCHING = _("No folder is watched.")
SCANNING = _("Looking through the folders…")
NO_FOLDERS = (
    _("Find what crashes left behind"),
    (
        _(
            "Choose a folder, or drop one here. Backups, temporary files and the remains of interrupted batches show up, "
            "with what they belong to. Nothing is moved or deleted by looking."
        )
    ),
)
NO_LEFTOVERS = (
    _("No leftovers"),
    _("Nothing was left behind in the watched folders. New leftovers show up by themselves."),
)
CHOOSE_LEFTOVER = _("Choose a leftover to compare it with what it belongs to.")
CLEAR_MEANS = _(
    "What is cleared can be brought back from History for as long as previous versions are kept. What is moved to the "
    "desktop's trash stays there until you empty that. What is deleted for good cannot be brought back, and its space is "
    "free at once."
)


def advice(one: Leftover, now: float) -> str:
    """Say in a few words what is best done with a leftover, and how long that takes to change. `now`: since 1970."""
    seconds = one.due - now
    if one.advice != "wait" or seconds <= 0:
        return ADVICE[one.advice]
    if seconds >= _HOURS_FROM:
        return counted(round(seconds / 3600), "wait, {n} hour left", "wait, {n} hours left")
    return counted(math.ceil(seconds / 60), "wait, {n} minute left", "wait, {n} minutes left")


def reason(one: Leftover) -> str:
    """Say why that is best."""
    return REASONS[one.reason]


def tip(one: Leftover) -> str:
    """Say who made it, what it is, and why that is best."""
    return f"{told(one.made_by)}: {told(one.meaning)}.\n{REASONS[one.reason]}"


VIM_SWAP = 1  # the number of its kind


def is_restorable(one: Leftover) -> bool:
    """Whether the original can be given the content of this leftover; of a swap file, what Vim recovers from it."""
    if one.advice in ("recover", "protected", "wait"):
        return False
    return one.number == VIM_SWAP or (bool(one.original) and one.same is not True)


def is_clearable(one: Leftover) -> bool:
    """Whether a leftover may be cleared."""
    return one.advice not in ("recover", "protected", "wait")


def is_for_a_person(one: Leftover) -> bool:
    """Whether a person may decide to hear no more of it: not of what a batch needs, or what is only told on request."""
    return one.advice not in ("recover", "protected")


def coverage(now: Coverage, roots: int) -> str:
    """Say honestly what a watch sees."""
    where = f"{counted(roots, '{n} place', '{n} places')}, {counted(now.folders, '{n} folder', '{n} folders')}"
    text = _("Watching {where}", where=where) if now.live else _("Looked through {where}", where=where)
    if now.polled:
        polled = counted(
            now.polled, "{n} folder looked at from time to time", "{n} folders looked at from time to time"
        )
        text += f" · {polled}"
    if now.unreadable:
        text += f" · {counted(now.unreadable, '{n} folder cannot be read', '{n} folders cannot be read')}"
    return text


def clear_question(paths: list[str]) -> str:
    """Ask before leftovers are cleared."""
    if len(paths) == 1:
        return _("Clear {path}?", path=shortened(shown(paths[0])))
    return counted(len(paths), "Clear {n} leftover?", "Clear {n} leftovers?")


def clearing(paths: list[str]) -> str:
    """Name the batch that clears leftovers, as History has it."""
    if len(paths) == 1:
        return _("Clear {path}", path=shown(os.path.basename(paths[0])))
    return counted(len(paths), "Clear {n} leftover", "Clear {n} leftovers")


def restoring(original: str) -> str:
    """Name the batch that gives a file the content of a leftover, as History has it."""
    return _("Restore {name}", name=shown(os.path.basename(original)))


def clear_button(number: int, total: int) -> str:
    """Name the button that clears what is ticked. `total` in bytes."""
    if not number:
        return _("Clear…")
    return f"{counted(number, 'Clear {n} leftover', 'Clear {n} leftovers')} · {size(total)}…"


def ignore_question(one: Leftover, folder: str) -> str:
    """Ask before a kind is ignored below a folder."""
    kind = f"{told(one.made_by)}: {told(one.meaning)}"
    return _("Show no more of this kind in and below {folder}?\n{kind}", folder=shown(folder), kind=kind)


IGNORE_MEANS = _("Nothing is moved or deleted. “Show again” brings them back.")


def told_again(number: int) -> str:
    """Say how many decisions were taken back."""
    if not number:
        return _("Nothing was kept or ignored in the watched folders.")
    return counted(number, "{n} decision was taken back.", "{n} decisions were taken back.")


def moved(number: int) -> str:
    """Say how many leftovers were moved to the trash."""
    return counted(number, "{n} leftover moved to the trash.", "{n} leftovers moved to the trash.")


def trashed(number: int, failed: list[tuple[str, str]]) -> str:
    """Say what was moved to the trash and what was not."""
    return (moved(number) if number else _("Nothing was moved.")) + _left(failed)


def cleared(answer: Json, *, undo: bool) -> str:
    """Say what was cleared and what was not, by what the engine answered; `undo`: whether it can be undone."""
    number = answer.get("files", 0) if answer["outcome"] == "committed" else 0
    text = NOTHING_CHANGED
    if number and undo:
        text = counted(
            number, "{n} leftover cleared. Undo is in History.", "{n} leftovers cleared. Undo is in History."
        )
    elif number:
        text = counted(number, "{n} leftover deleted for good.", "{n} leftovers deleted for good.")
    if answer["outcome"] == "needs_recovery":
        text = _("Some files could not be put back yet. Nothing is lost: they wait on the Recovery page.")
    return text + _left([(one["path"], one["code"]) for one in answer["left"]])


def _left(failed: list[tuple[str, str]]) -> str:
    said = [
        _("{path} was left where it is: {reason}.", path=shown(path), reason=NOT_TRASHED.get(code, code))
        for path, code in failed[:5]
    ]
    return "".join(f" {one}" for one in said)
