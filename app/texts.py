"""Words for every code, state and problem of the core, for window and command line alike."""

from __future__ import annotations

from core.api import shown
from core.errors import Fix, Problem, ProblemCode

NOTHING_CHANGED = "Nothing was changed."

_PROBLEMS = {
    ProblemCode.MISSING: "there is no such file",
    ProblemCode.EXISTS: "there is something with this name already",
    ProblemCode.IS_FOLDER: "this is a folder, not a file",
    ProblemCode.NOT_A_FOLDER: "this is not a folder",
    ProblemCode.SPECIAL_FILE: "this is a device, a socket or a pipe",
    ProblemCode.OUTSIDE_ROOT: "this lies outside the folder that the plan is confined to",
    ProblemCode.SAME_FILE: "this is another name of a file that the batch changes already",
    ProblemCode.HARD_LINKS: "this file has other names (hard links), which would keep the old content",
    ProblemCode.INTO_ITSELF: "a folder cannot be moved into itself",
    ProblemCode.MOUNT_POINT: "this is not something that can be moved or removed",
    ProblemCode.CHANGED: "this file has changed since the preview",
    ProblemCode.NO_MATCH: "the text was not found",
    ProblemCode.BAD_PATTERN: "the search cannot be used",
    ProblemCode.PATTERN_TIMEOUT: "the search takes too long on this file",
    ProblemCode.BINARY: "this file is not text",
    ProblemCode.LONG_LINE: "a line of this file is too long to be searched",
    ProblemCode.UNREADABLE: "this cannot be read",
    ProblemCode.UNWRITABLE: "nothing can be added to or removed from this folder",
    ProblemCode.NAME_TOO_LONG: "this name or path is too long",
    ProblemCode.NO_SPACE: "there is not enough space on this disk",
    ProblemCode.OTHER_DISK: "the new place is on another disk",
    ProblemCode.SYMLINK_LOOP: "this symlink leads nowhere or in a circle",
    ProblemCode.REMAINS: "this belongs to a Holdfast batch that is not known here; it may be an only copy",
    ProblemCode.UNRESOLVED: "an interrupted batch has left this; it has to be put right first",
    ProblemCode.BUSY: "another Holdfast is working in this folder",
    ProblemCode.DEPENDS: "this depends on a change that was left out",
    ProblemCode.UNSUPPORTED: "this disk cannot do what is needed",
}

_FIXES = {
    Fix.REMOVE: "leave it out of the batch",
    Fix.OVERWRITE: "overwrite it",
    Fix.SPLIT_LINKS: "let the other names keep the old content (--links split)",
    Fix.KEEP_LINKS: "write into the file itself",
    Fix.PREVIEW_AGAIN: "preview again",
    Fix.FREE_SPACE: "free some space",
    Fix.CHANGE_PERMISSIONS: "change the permissions",
    Fix.RECOVER: "run `holdfast recover`",
    Fix.WAIT: "wait until it is done",
    Fix.RENAME: "choose another name",
}


def problem(found: Problem) -> str:
    """Say a problem in one line: where, what, and what would mend it."""
    text = _PROBLEMS[found.code]
    details = "; ".join(f"{key}: {value}" for key, value in found.values.items() if value != "")
    fixes = ", or ".join(_FIXES[fix] for fix in found.fixes)
    number = "" if found.operation is None else f"operation {found.operation + 1}: "
    where = f"{shown(found.path)}: " if found.path else ""
    return f"{number}{where}{text}{f' ({details})' if details else ''}. To mend it: {fixes}."


def count(number: int, one: str, many: str) -> str:
    """Say a number of things."""
    return f"{number:,} {one if number == 1 else many}"


def size(number: float) -> str:
    """Say a number of bytes."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if number < 1024 or unit == "GiB":
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1024
    raise AssertionError


def problem_short(found: Problem) -> str:
    """Say a problem in a few words, for a row that names the file already."""
    return _PROBLEMS[found.code]


READY = "ready"
FILE_COLUMNS = ("File", "Change", "Matches", "Size after", "Status")
ACTIONS = {
    "create": "create",
    "edit": "edit",
    "replace": "replace",
    "delete": "delete",
    "move": "rename",
    "folder": "new folder",
    "problem": "problem",
}
PHASES = {
    "check": "Check",
    "prepare": "Prepare",
    "switch": "Switch",
    "finish": "Finish",
    "put_back": "Put back",
}
NOTHING_WRITTEN = "Nothing has been written yet."
NO_UNDO = "Previous versions are kept until the batch is complete, not after it."


def age(seconds: float) -> str:
    """Say how long ago something was."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = int(seconds // length)
            return count(number, unit, f"{unit}s") + " ago"
    return "just now"


def left(seconds: float) -> str:
    """Say how long something will take."""
    if seconds >= 90:
        return f"about {count(round(seconds / 60), 'minute', 'minutes')} left"
    return f"about {count(max(1, round(seconds)), 'second', 'seconds')} left"
