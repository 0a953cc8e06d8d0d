"""Words for every code, state and problem of the core, for window and command line alike."""

from __future__ import annotations

from app import undo_texts
from app.values import Change, DiffSummary, Result
from core.api import shown as shown  # noqa: PLC0414 - this is where the window finds it
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
    ProblemCode.MOUNT_POINT: "something is mounted here: it can be neither moved nor removed, nor replaced by another file",
    ProblemCode.CHANGED: "this file has changed since the preview",
    ProblemCode.NO_MATCH: "the text was not found",
    ProblemCode.BAD_PATTERN: "the search cannot be used",
    ProblemCode.PATTERN_TIMEOUT: "the search takes too long on this file",
    ProblemCode.BINARY: "this file is not text",
    ProblemCode.LONG_LINE: "a line of this file is too long to be searched",
    ProblemCode.UNENCODABLE: "the encoding of this file has no such character",
    ProblemCode.UNDECODABLE: "this file has bytes that are no text in its encoding",
    ProblemCode.BROKEN_FORMAT: "this file can be parsed now, and could not be any more",
    ProblemCode.UNKNOWN_SKIP: "a match that was left out is not there any more",
    ProblemCode.COLLISION: "two files would get the same name",
    ProblemCode.BAD_PATCH: "this is not a patch that can be read",
    ProblemCode.HUNK_FAILS: "a part of the patch does not fit this file",
    ProblemCode.HUNK_OFFSET: "a part of the patch fits at another line than it says",
    ProblemCode.UNREADABLE: "this cannot be read",
    ProblemCode.UNWRITABLE: "this may not be changed: there is no permission, or the disk is read-only",
    ProblemCode.FIXED: "this is protected from every change (immutable or append-only, see `lsattr`)",
    ProblemCode.NAME_TOO_LONG: "this name or path is too long",
    ProblemCode.NO_SPACE: "there is not enough space on this disk",
    ProblemCode.OTHER_DISK: "the new place is on another disk",
    ProblemCode.SYMLINK_LOOP: "this symlink leads nowhere or in a circle",
    ProblemCode.REMAINS: "this belongs to a Holdfast batch that is not known here; it may be an only copy",
    ProblemCode.UNRESOLVED: "an interrupted batch has left this; it has to be put right first",
    ProblemCode.BUSY: "another Holdfast is working in this folder",
    ProblemCode.DEPENDS: "this depends on a change that was left out",
    ProblemCode.UNSUPPORTED: "this disk cannot do what is needed",
    **undo_texts.PROBLEMS,
}

_FIXES = {
    Fix.REMOVE: "leave it out of the batch",
    Fix.OVERWRITE: "overwrite it",
    Fix.SPLIT_LINKS: "let the other names keep the old content (--links split)",
    Fix.KEEP_LINKS: "write into the file itself, where others can see it half written (--links keep)",
    Fix.PREVIEW_AGAIN: "preview again",
    Fix.FREE_SPACE: "free some space",
    Fix.CHANGE_PERMISSIONS: "change the permissions",
    Fix.RECOVER: "run `holdfast recover`",
    Fix.WAIT: "wait until it is done",
    Fix.RENAME: "choose another name",
    Fix.BREAK_FORMAT: 'let it break ("guard": false, or --no-guard)',
    Fix.CONVERT: "convert the file to UTF-8 first",
    **undo_texts.FIXES,
}


def problem(found: Problem) -> str:
    """Say a problem in one line: where, what, and what would mend it."""
    text = _PROBLEMS[found.code]
    details = "; ".join(f"{key}: {value}" for key, value in found.values.items() if value != "")
    fixes = ", or ".join(_FIXES[fix] for fix in found.fixes)
    number = "" if found.operation is None else f"operation {found.operation + 1}: "
    where = f"{shown(found.path)}: " if found.path else ""
    return f"{number}{where}{text}{f' ({details})' if details else ''}. To mend it: {fixes}."


def note(found: Problem) -> str:
    """Say in one line what is worth knowing of a file, and needs nothing done."""
    details = "; ".join(f"{key}: {value}" for key, value in found.values.items())
    return f"{shown(found.path)}: {_PROBLEMS[found.code]} ({details})."


def count(number: int, one: str, many: str) -> str:
    """Say a number of things."""
    return f"{number:,} {one if number == 1 else many}"


def searched(files: int, matched: int) -> str:
    """Say how far a search is."""
    return f"{count(files, 'file', 'files')} searched, {matched:,} matched"


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
APPLIED = "applied"
LEFT_OUT = "left out"
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
    "search": "Search",
    "check": "Check",
    "prepare": "Prepare",
    "switch": "Switch",
    "finish": "Finish",
    "put_back": "Put back",
}
NOTHING_WRITTEN = "Nothing has been written yet."
KEPT = "It can be undone for 30 days."
NO_UNDO = "It cannot be undone: previous versions are not kept."


TITLE = "Holdfast"
BATCH = "Batch"
LEFTOVERS = "Leftovers"
SETTINGS = "Settings"
RECOVERY = "Recovery"
NEW_BATCH = "New batch"
PAIR_HEADING = ("find", "replace")
NOTHING_QUEUED = "Nothing is queued. Nothing has been written."
PLANNING = "Working out what will change… Nothing has been written yet."
UNSOLVED = "Nothing has been written. The batch can be applied when the problems are solved."


def batch_name(titles: list[str]) -> str:
    """Name a batch by what is queued first."""
    return "" if not titles else titles[0] if len(titles) == 1 else f"{titles[0]} and {len(titles) - 1:,} more"


def planned(operations: int, files: int, matches: int, problems: int) -> str:
    """Say in one line what a batch comes to."""
    parts = [count(operations, "operation", "operations"), count(files, "file", "files")]
    if matches:
        parts.append(count(matches, "change", "changes"))
    if problems:
        parts.append(count(problems, "problem", "problems"))
    return " · ".join(parts)


def stand_in_the_way(problems: int) -> str:
    """Say that problems have to be solved first."""
    return (
        "1 problem has to be solved before anything is applied."
        if problems == 1
        else f"{problems:,} problems have to be solved before anything is applied."
    )


def hidden_by_filter(changes: int) -> str:
    """Say that the filter hides something that will be applied."""
    return f"The filter hides {count(changes, 'change', 'changes')} that will be applied as well."


def apply_button(files: int, matches: int) -> str:
    """Name the button that applies, by what it will do."""
    if not files:
        return "Apply"
    if not matches:
        return f"Apply to {count(files, 'file', 'files')}"
    return f"Apply {count(matches, 'change', 'changes')} in {count(files, 'file', 'files')}"


def progress(phase: str, done: int, total: int) -> str:
    """Say in one line what a running batch does."""
    of = f"{done:,} of {count(total, 'file', 'files')}"
    return {
        "search": f"Searching: {count(done, 'file', 'files')} so far",
        "check": f"Checking {of}",
        "prepare": f"Preparing new content: {of}",
        "switch": f"Switching {of}",
        "finish": f"Finishing {of}",
        "put_back": f"Putting back {of}",
    }[phase]


def cancelling(phase: str, done: int, total: int) -> str:
    """Say in one line how far a cancelled batch is."""
    if phase != "put_back" or not total:
        return "Cancelling… putting everything back"
    return f"Cancelling… putting back {done:,} of {count(total, 'file', 'files')}"


def change_in_words(change: Change, summary: DiffSummary) -> str:
    """Say what a change does, where there are no lines to show."""
    before = "" if change.size_before is None else size(change.size_before)
    after = "" if change.size_after is None else size(change.size_after)
    match summary.kind, change.action:
        case _, "move":
            return f"Only the name changes:\n{shown(change.path)}\n→ {shown(change.to)}"
        case _, "folder":
            return "This folder will be made."
        case _, "delete":
            return f"This {change.kind} will be deleted{f' ({before})' if before else ''}."
        case "binary", "create":
            return f"Not text: {after} of new content."
        case "binary", _:
            return f"Not text: {before} become {after}."
        case "large", _:
            return f"Too large to be shown line by line: {before or 'nothing'} become {after}."
    return "This file will be empty." if not change.size_after else "Nothing in it changes."


def pair_in_words(summary: DiffSummary) -> str:
    """Say how two files differ, where there are no lines to show."""
    if summary.kind == "large":
        return "Too large to be compared line by line."
    if summary.kind == "binary" and summary.before and summary.after:
        same = summary.before == summary.after
        sizes = f"{size(summary.before[0])} and {size(summary.after[0])}"
        return f"Not text. {'Both have the same content' if same else 'The contents differ'} ({sizes})."
    return "Both have the same content."


def outcome(result: Result) -> tuple[str, str, str]:  # noqa: PLR0911 - one return for each end
    """Say how a batch ended: a kind (ok, warn, error), a headline and a sentence."""
    files = count(result.files, "file", "files")
    as_they_were = f"All {files} are as they were." if result.files != 1 else "The file is as it was."
    match result.outcome:
        case "committed":
            return "ok", f"{files} changed", _took(result.seconds)
        case "refused":
            return "warn", NOTHING_CHANGED, "; ".join(dict.fromkeys(map(problem_short, result.problems))) + "."
        case "rolled_back" if result.reason == "cancelled":
            return "ok", "Cancelled", as_they_were
        case "rolled_back" if result.reason == "died":
            return "warn", "The engine stopped unexpectedly", as_they_were
        case "rolled_back" if result.reason == "conflict":
            where = shown(result.path) if result.path else "A file"
            return "warn", as_they_were, f"{where} was changed by another program meanwhile. Look again, then apply."
        case "rolled_back":
            where = f"{shown(result.path)}: " if result.path else ""
            return "warn", as_they_were, f"It could not be done: {where}{result.error}."
        case "died":
            return "warn", NOTHING_CHANGED, "The engine stopped unexpectedly before it had begun."
        case "failed":
            return "warn", NOTHING_CHANGED, result.error
        case _:
            return "error", "Some files could not be put back yet. Nothing is lost.", "They wait on the Recovery page."


def _took(seconds: float) -> str:
    return f"Done in {seconds:.1f} s, and safe on the disk." if seconds else "Done, and safe on the disk."


TROUBLE = {
    "not_restorable": "This is no version of a file, so nothing can be restored from it.",
    "missing": "There is no such file any more.",
    "not_recovered": "Only Vim can read this file, and it is not installed here or recovers nothing from it.",
    "too_large": "This file is too large to be edited here (more than 8 MiB).",
    "binary": "This file is not text.",
    "encoding": "This file is not UTF-8 text, so it cannot be edited here.",
    "confined_plan": "This plan is confined to a folder, which only “holdfast apply” knows to keep to.",
    "no_such_line": "This line cannot be told from others, so nothing can be typed here.",
    "disk": "The disk refuses.",
    "died": "The engine stopped unexpectedly and was started again.",
}


def trouble(code: str, reason: str = "") -> str:
    """Say what could not be done. None of it writes anything."""
    return f"{NOTHING_CHANGED} {TROUBLE.get(code, reason or code)}"


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
