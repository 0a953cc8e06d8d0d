"""Words for the Leftovers page: what the judge says, what is watched, and what was left where it is."""

from __future__ import annotations

from app.texts import NOTHING_CHANGED, count, shown
from app.values import Coverage, Json, Leftover

ADVICE = {
    "restore": "look, then restore",
    "clear": "can be cleared",
    "ask": "clear it if you do not need it",
    "recover": "put right first",
    "keep": "keep",
    "wait": "wait",
    "protected": "leave alone",
}

GROUPS = {
    "recover": "Of interrupted batches; `holdfast recover` puts them right",
    "restore": "To look at, and perhaps to restore",
    "clear": "Of no use any more; `holdfast clear` clears these",
    "ask": "Used by nobody; clear them if you do not need them",
    "keep": "To keep",
    "wait": "In use, or too new to tell",
    "protected": "Never to be touched",
}

REASONS = {
    "part_of_something": "It is part of something that is in use, whatever its name suggests.",
    "batch_runs": "A batch that is running now needs it.",
    "batch_interrupted": "It belongs to an interrupted batch: put that right first, on the Recovery page.",
    "batch_elsewhere": "It belongs to a batch of another computer, or one whose disks are not all here.",
    "batch_unknown": "It was left by a Holdfast batch that is not known here. It may be an only copy.",
    "batch_finished": "A batch that is over left it. It holds nothing that is still needed.",
    "changed_after_us": "A batch that is over left it, and it was changed after that.",
    "in_use": "A program has it open, or is still at work on the file that it belongs to.",
    "owner_unknown": "Nobody can tell whether the program that made it is still at work.",
    "lock": "It says that somebody has the file open. It holds nothing else.",
    "lock_stale": "It says that a program has the file open, and that program is not running any more.",
    "nothing_unsaved": "Its editor is not running any more, and had nothing to save.",
    "old_unsaved": "It may hold changes that were not saved, but the file was saved after that.",
    "managed": "A program tidies up there by itself.",
    "transfer_over": "A download that nobody has gone on with for long.",
    "perhaps_partial": "The file that it belongs to is missing. This may be the only copy, and only a part of it.",
    "twin": "A file beside it has the same content.",
    "half_written": "A save or a transfer that was not finished; the file that it belongs to was written after it.",
    "scratch": "It is of no use without the program that made it, which is not using it.",
    "crash_report": "It tells why a program crashed.",
    "old_remains": "Nothing has used it for more than a week. Its name does not tell what it belongs to.",
    "not_a_plain_file": "It is a link, has other names, or belongs to another user.",
    "editor_file": "It may hold changes that were not saved. Only its editor can read it: open the file there.",
    "conflict": "It holds changes that could not be merged.",
    "transfer": "A download that was not finished. The program that began it may be able to go on.",
    "settings": "A package manager set it aside, for you to compare with the settings in use.",
    "too_new": "It is only a few minutes old: a program may still be about to use it.",
    "in_flight": "It is less than a day old: a program may still be writing it.",
    "only_copy": "The file that it belongs to is missing. This may be the only copy.",
    "same": "It has the same content as the file that it belongs to.",
    "empty": "It is empty, and more than a day old.",
    "no_original": "Its name does not tell what it belongs to.",
    "unchecked": "It could not be compared with the file that it belongs to: too large, or not readable.",
    "original_empty": "The file that it belongs to is empty, and this is not.",
    "newer": "It is newer than the file that it belongs to, and differs from it.",
    "unsaved": "It is newer than the file that it belongs to: it may hold what was not saved.",
    "never_arrived": "It is newer than the file that it belongs to: a save may not have been finished.",
    "older": "It is an older version of the file that it belongs to.",
    "kept_for_you": "Holdfast kept it here because another program had changed the file meanwhile.",
    "unknown": "Nothing more is known about it.",
}

NOT_TRASHED = {
    "changed": "it has changed since it was shown",
    "missing": "it is not there any more",
    "protected": "it belongs to a batch or to something that is in use",
    "not_a_plain_file": "it is not a plain file",
    "in_use": "a program has it open",
    "refused": "the disk or the desktop refuses",
}


def compared(one: Leftover) -> str:
    """Say how a leftover compares with its original."""
    if one.same is not None:
        return "same content" if one.same else "differs"
    if one.reason == "only_copy":
        return "original is missing"
    return "not compared" if one.original else "nothing to compare"


LEFTOVER_COLUMNS = ("File", "Made by", "Belongs to", "Compared", "Age", "Size", "Advice")
NOT_WATCHING = "No folder is watched."
SCANNING = "Looking through the folders…"
NO_FOLDERS = (
    "Find what crashes left behind",
    (
        "Choose a folder, or drop one here. Backups, temporary files and the remains of interrupted batches show up, "
        "with what they belong to. Nothing is moved or deleted by looking."
    ),
)
NO_LEFTOVERS = ("No leftovers", "Nothing was left behind in the watched folders. New leftovers show up by themselves.")
CHOOSE_LEFTOVER = "Choose a leftover to compare it with what it belongs to."
CLEAR_MEANS = (
    "What is cleared can be brought back from History for 30 days. What is moved to the desktop's trash stays there until "
    "you empty that."
)


def advice(one: Leftover) -> str:
    """Say in a few words what is best done with a leftover."""
    return ADVICE[one.advice]


def reason(one: Leftover) -> str:
    """Say why that is best."""
    return REASONS[one.reason]


def is_restorable(one: Leftover) -> bool:
    """Whether the original can be given the content of this leftover."""
    return bool(one.original) and one.same is not True and one.advice not in ("recover", "protected", "wait")


def is_clearable(one: Leftover) -> bool:
    """Whether a leftover may be cleared."""
    return one.advice not in ("recover", "protected", "wait")


def coverage(now: Coverage, roots: int) -> str:
    """Say honestly what a watch sees."""
    where = f"{count(roots, 'place', 'places')}, {count(now.folders, 'folder', 'folders')}"
    text = f"Watching {where}" if now.live else f"Looked through {where}"
    if now.polled:
        text += f" · {count(now.polled, 'folder', 'folders')} looked at from time to time"
    if now.unreadable:
        text += f" · {count(now.unreadable, 'folder', 'folders')} cannot be read"
    return text


def clear_question(paths: list[str]) -> str:
    """Ask before leftovers are cleared."""
    return f"Clear {shown(paths[0])}?" if len(paths) == 1 else f"Clear {len(paths):,} leftovers?"


def trashed(number: int, failed: list[tuple[str, str]]) -> str:
    """Say what was moved to the trash and what was not."""
    text = f"{count(number, 'leftover', 'leftovers')} moved to the trash." if number else "Nothing was moved."
    return text + _left(failed)


def cleared(answer: Json) -> str:
    """Say what was cleared and what was not, by what the engine answered."""
    number = answer.get("files", 0) if answer["outcome"] == "committed" else 0
    text = f"{count(number, 'leftover', 'leftovers')} cleared. Undo is in History." if number else NOTHING_CHANGED
    if answer["outcome"] == "needs_recovery":
        text = "Some files could not be put back yet. Nothing is lost: they wait on the Recovery page."
    return text + _left([(one["path"], one["code"]) for one in answer["left"]])


def _left(failed: list[tuple[str, str]]) -> str:
    return "".join(f" {shown(path)} was left where it is: {NOT_TRASHED.get(code, code)}." for path, code in failed[:5])
