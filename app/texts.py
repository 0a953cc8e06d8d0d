"""Words for every code, state and problem of the core, for window and command line alike."""

from __future__ import annotations

from app.problem_texts import FIXES, PROBLEMS, VALUES
from app.reason_texts import told
from app.values import Change, DiffSummary, Result
from app.words import _, counted, in_context
from app.words import size as size  # noqa: PLC0414 - the same
from core.errors import Problem
from core.keeping import shown as shown  # noqa: PLC0414 - this is where the window finds it

NOTHING_CHANGED = _("Nothing was changed.")
NOTHING_TO_DO = _("There was nothing left to do: no match, it is so already, or it was left out.")


def problem(found: Problem) -> str:
    """Say a problem in one line: where, what, and what would mend it."""
    text = PROBLEMS[found.code]
    details = _details(found)
    text = f"{text} ({details})" if details else text
    text = f"{shown(found.path)}: {text}" if found.path else text
    if found.operation is not None:
        text = _("operation {number}: {text}", number=found.operation + 1, text=text)
    fixes = [FIXES[fix] for fix in found.fixes]
    mended = fixes[0] if fixes else ""
    for fix in fixes[1:]:
        mended = _("{first}, or {second}", first=mended, second=fix)
    return _("{text}. To mend it: {fixes}.", text=text, fixes=mended)


def note(found: Problem) -> str:
    """Say in one line what is worth knowing of a file, and needs nothing done."""
    details = _details(found)
    return f"{shown(found.path)}: {PROBLEMS[found.code]}{f' ({details})' if details else ''}."


def _details(found: Problem) -> str:
    """Return what else is known of a problem."""
    return "; ".join(f"{VALUES.get(key, key)}: {told(value)}" for key, value in found.values.items() if value != "")


def kept(seconds: float) -> str:
    """Say for how long a batch can be undone; 0: for good."""
    if not seconds:
        return _("It can be undone.")
    return counted(round(seconds / 86_400), "It can be undone for {n} day.", "It can be undone for {n} days.")


def unkept(folders: list[str]) -> str:
    """Say what of a batch cannot be undone, because its previous versions find no place."""
    if len(folders) == 1:
        return _(
            "It cannot be undone in {folder}: there is no place to keep previous versions.", folder=shown(folders[0])
        )
    return counted(
        len(folders) - 1,
        "It cannot be undone in {folder} and {n} other folder: there is no place to keep previous versions.",
        "It cannot be undone in {folder} and {n} other folders: there is no place to keep previous versions.",
        folder=shown(folders[0]),
    )


def searched(files: int, matched: int) -> str:
    """Say how far a search is."""
    return _("{files} searched, {matched} matched", files=counted(files, "{n} file", "{n} files"), matched=matched)


def problem_short(found: Problem) -> str:
    """Say a problem in a few words, for a row that names the file already."""
    return PROBLEMS[found.code]


READY = _("ready")
APPLIED = _("applied")
LEFT_OUT = _("left out")
FILE_COLUMNS = (
    _("File"),
    in_context("column", "Change"),
    _("Matches"),
    _("Lines"),
    _("Format"),
    _("Size after"),
    _("Status"),
)
ACTIONS = {
    "create": _("create"),
    "edit": _("edit"),
    "replace": _("replace"),
    "delete": _("delete"),
    "move": _("rename"),
    "folder": _("new folder"),
    "problem": _("problem"),
}
PHASES = {
    "search": _("Search"),
    "check": _("Check"),
    "prepare": _("Prepare"),
    "switch": _("Switch"),
    "finish": _("Finish"),
    "put_back": _("Put back"),
}
NOTHING_WRITTEN = _("Nothing has been written yet.")
NO_UNDO = _("It cannot be undone: previous versions are not kept.")


TITLE = "Holdfast"
BATCH = _("Batch")
LEFTOVERS = _("Leftovers")
SETTINGS = _("Settings")
RECOVERY = _("Recovery")
NEW_BATCH = _("New batch")
PAIR_HEADING = ("find", "replace")
NOTHING_QUEUED = _("Nothing is queued. Nothing has been written.")
PLANNING = _("Working out what will change… Nothing has been written yet.")
UNSOLVED = _("Nothing has been written. The batch can be applied when the problems are solved.")


def planned(operations: int, files: int, matches: int, problems: int) -> str:
    """Say in one line what a batch comes to."""
    parts = [counted(operations, "{n} operation", "{n} operations"), counted(files, "{n} file", "{n} files")]
    if matches:
        parts.append(counted(matches, "{n} change", "{n} changes"))
    if problems:
        parts.append(counted(problems, "{n} problem", "{n} problems"))
    return " · ".join(parts)


def stand_in_the_way(problems: int) -> str:
    """Say that problems have to be solved first."""
    return counted(
        problems,
        "{n} problem has to be solved before anything is applied.",
        "{n} problems have to be solved before anything is applied.",
    )


def hidden_by_filter(changes: int) -> str:
    """Say that the filter hides something that will be applied."""
    return _(
        "The filter hides {changes} that will be applied as well.",
        changes=counted(changes, "{n} change", "{n} changes"),
    )


def apply_button(files: int, matches: int) -> str:
    """Name the button that applies, by what it will do."""
    if not files:
        return _("Apply")
    if not matches:
        return _("Apply to {files}", files=counted(files, "{n} file", "{n} files"))
    return _(
        "Apply {changes} in {files}",
        changes=counted(matches, "{n} change", "{n} changes"),
        files=counted(files, "{n} file", "{n} files"),
    )


def progress(phase: str, done: int, total: int) -> str:
    """Say in one line what a running batch does."""
    of = _("{done} of {files}", done=done, files=counted(total, "{n} file", "{n} files"))
    return {
        "search": _("Searching: {files} so far", files=counted(done, "{n} file", "{n} files")),
        "check": _("Checking {of}", of=of),
        "prepare": _("Preparing new content: {of}", of=of),
        "switch": _("Switching {of}", of=of),
        "finish": _("Finishing {of}", of=of),
        "put_back": _("Putting back {of}", of=of),
    }[phase]


def cancelling(phase: str, done: int, total: int) -> str:
    """Say in one line how far a cancelled batch is."""
    if phase != "put_back" or not total:
        return _("Cancelling… putting everything back")
    return _("Cancelling… putting back {done} of {files}", done=done, files=counted(total, "{n} file", "{n} files"))


def change_in_words(change: Change, summary: DiffSummary) -> str:
    """Say what a change does, where there are no lines to show."""
    before = "" if change.size_before is None else size(change.size_before)
    after = "" if change.size_after is None else size(change.size_after)
    match summary.kind, change.action:
        case _, "move":
            return _("Only the name changes:\n{path}\n→ {to}", path=shown(change.path), to=shown(change.to))
        case _, "folder":
            return _("This folder will be made.")
        case _, "delete":
            what = _("This folder will be deleted") if change.kind == "folder" else _("This file will be deleted")
            return f"{what} ({before})." if before else f"{what}."
        case "binary", "create":
            return _("Not text: {after} of new content.", after=after)
        case "binary", _:
            return _("Not text: {before} become {after}.", before=before, after=after)
        case "large", _:
            return _(
                "Too large to be shown line by line: {before} become {after}.",
                before=before or _("nothing"),
                after=after,
            )
    return _("This file will be empty.") if not change.size_after else _("Nothing in it changes.")


def pair_in_words(summary: DiffSummary) -> str:
    """Say how two files differ, where there are no lines to show."""
    if summary.kind == "large":
        return _("Too large to be compared line by line.")
    if summary.kind == "binary" and summary.before and summary.after:
        same = summary.before == summary.after
        sizes = _("{before} and {after}", before=size(summary.before[0]), after=size(summary.after[0]))
        if same:
            return _("Not text. Both have the same content ({sizes}).", sizes=sizes)
        return _("Not text. The contents differ ({sizes}).", sizes=sizes)
    return _("Both have the same content.")


def outcome(result: Result) -> tuple[str, str, str]:  # noqa: PLR0911 - one return for each end
    """Say how a batch ended: a kind (ok, warn, error), a headline and a sentence."""
    as_they_were = counted(result.files, "The file is as it was.", "All {n} files are as they were.")
    match result.outcome:
        case "committed":
            return "ok", counted(result.files, "{n} file changed", "{n} files changed"), _took(result.seconds)
        case "refused":
            return "warn", NOTHING_CHANGED, "; ".join(dict.fromkeys(map(problem_short, result.problems))) + "."
        case "rolled_back" if result.reason == "cancelled":
            return "ok", _("Cancelled"), as_they_were
        case "rolled_back" if result.reason == "died":
            return "warn", _("The engine stopped unexpectedly"), as_they_were
        case "rolled_back" if result.reason == "conflict":
            where = shown(result.path) if result.path else _("A file")
            return (
                "warn",
                as_they_were,
                _("{where} was changed by another program meanwhile. Look again, then apply.", where=where),
            )
        case "rolled_back":
            where = f"{shown(result.path)}: " if result.path else ""
            return "warn", as_they_were, _("It could not be done: {reason}.", reason=f"{where}{told(result.error)}")
        case "died":
            return "warn", NOTHING_CHANGED, _("The engine stopped unexpectedly before it had begun.")
        case "failed":
            return "warn", NOTHING_CHANGED, told(result.error)
        case "needs_recovery" if result.as_it_was:
            left = _("Not all of Holdfast's own files could be removed yet: the Recovery page does that.")
            return "warn", _("Everything is as it was."), left
        case _:
            return (
                "error",
                _("Some files could not be put back yet. Nothing is lost."),
                _("They wait on the Recovery page."),
            )


def _took(seconds: float) -> str:
    return (
        _("Done in {seconds} s, and safe on the disk.", seconds=seconds)
        if seconds
        else _("Done, and safe on the disk.")
    )


TROUBLE = {
    "not_restorable": _("This is no version of a file, so nothing can be restored from it."),
    "missing": _("There is no such file any more."),
    "not_recovered": _("Only Vim can read this file, and it is not installed here or recovers nothing from it."),
    "too_large": _("This file is too large to be edited here (more than 8 MiB)."),
    "binary": _("This file is not text."),
    "encoding": _("This file is not UTF-8 text, so it cannot be edited here."),
    "confined_plan": _("This plan is confined to a folder, which only “holdfast apply” knows to keep to."),
    "no_such_line": _("This line cannot be told from others, so nothing can be typed here."),
    "journal_damaged": _("The record of this batch is damaged."),
    "journal_newer": _("A newer version of Holdfast has written the record of this batch."),
    "disk": _("The disk refuses."),
    "died": _("The engine stopped unexpectedly and was started again."),
}


def trouble(code: str, reason: str = "") -> str:
    """Say what could not be done. None of it writes anything."""
    return f"{NOTHING_CHANGED} {TROUBLE.get(code, told(reason) or code)}"


def age(seconds: float) -> str:
    """Say how long ago something was."""
    if seconds >= 86_400:
        return counted(int(seconds // 86_400), "{n} day ago", "{n} days ago")
    if seconds >= 3_600:
        return counted(int(seconds // 3_600), "{n} hour ago", "{n} hours ago")
    if seconds >= 60:
        return counted(int(seconds // 60), "{n} minute ago", "{n} minutes ago")
    return _("just now")


def left(seconds: float) -> str:
    """Say how long something will take."""
    if seconds >= 90:
        return counted(round(seconds / 60), "about {n} minute left", "about {n} minutes left")
    return counted(max(1, round(seconds)), "about {n} second left", "about {n} seconds left")
