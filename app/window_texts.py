"""Words that only the window needs."""

from __future__ import annotations

from app.texts import NOTHING_WRITTEN, count, problem_short, shown
from core.errors import Fix, Problem
from core.history import Entry, State

NOTHING_BEFORE_APPLY = "Nothing is written until you apply the batch."
NOTHING_TO_TRY = "What it would do is shown here while you type."
ONLY_MATCHES = "Too large to be shown whole: what is found, and what is put there."
RENAME_HELP = "\\1 is the first group, \\# a number that counts up"
ENCODINGS = {
    "": "As it is",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
}
NEWLINES = {"": "As they are", "lf": "LF (Unix)", "crlf": "CRLF (Windows)", "cr": "CR"}
FIXES = {
    Fix.REMOVE: "Leave it out",
    Fix.OVERWRITE: "Overwrite it",
    Fix.SPLIT_LINKS: "Let other names keep the old content",
    Fix.KEEP_LINKS: "Write into the file itself",
    Fix.PREVIEW_AGAIN: "Look again",
    Fix.FREE_SPACE: "Look again",
    Fix.CHANGE_PERMISSIONS: "Look again",
    Fix.RECOVER: "Look again",
    Fix.WAIT: "Look again",
    Fix.BREAK_FORMAT: "Let it break",
    Fix.CONVERT: "Convert it to UTF-8 first",
    Fix.SKIP: "Leave it as it is now",
    Fix.TAKE: "Bring the previous version back all the same",
}
LOOK_AT_IT = "Look at it"
BY_PATH = "A byte that is no text is written as \\xff; a backslash as \\\\."
COPY_REPORT = "Copy the report"
TOO_LATE_TO_CANCEL = "Everything is changed. The previous versions are being put away; to take it back, undo it."
IMAGE_MODES = {
    "two_up": "Side by side",
    "swipe": "One over the other",
    "onion": "Seen through",
    "difference": "What differs",
}
PART_BEFORE = "How much of the picture before is shown"
FILES_ARE_CHANGED = "Files are being changed, all of them or none."
REGEX_HELP = (
    "(…) is a group, \\1 or \\g<name> puts it into the replacement; \\b the edge of a word, \\d a digit, "
    ". any character, * any number of them; \\U \\L \\u \\l \\E change case"
)

SETTINGS_MEAN = "What you choose is in force at once, and for the command line as well (“holdfast settings”)."
ABOUT = (
    "Changes many files at once: all of them, or none of them.\n\n"
    "Under the MIT licence. Made with Qt (LGPL), which may be exchanged for another build of it. "
    "The fonts Inter and JetBrains Mono are under the SIL Open Font License."
)
STILL_RUNNING = "A batch is still being applied."
STILL_RUNNING_CHOICES = "It can go on, or everything that was changed is put back first. No file is harmed either way."


def deletes(find: str, pairs: int) -> str:
    """Say that an empty replacement deletes what is found."""
    what = "Every match" if pairs == 1 else f"Every “{find}”"
    return f"{what} will be deleted: the replacement is empty."


def report_told(*, now: bool) -> str:
    """Say that something went wrong inside; what it is, is in the report."""
    if now:
        return "Something went wrong inside Holdfast. No file was harmed by it; a batch that runs goes on."
    return "Holdfast closed unexpectedly the last time. Interrupted batches wait on the Recovery page."


def was_closed(name: str, entry: Entry | None) -> str:
    """Say what became of a batch whose window was closed by force."""
    batch = f"Holdfast was closed by force while “{shown(name)}” was being applied."
    if entry is None:
        return f"{batch} Nothing was changed."
    if entry.state in (State.APPLIED, State.UNDONE):
        changed = count(entry.files, "file has its", "files have their")
        return f"{batch} It was complete already: {changed} new content. To take it back, undo it in History."
    return f"{batch} It was put back: {count(entry.files, 'file is', 'files are')} as before."


def report_saved(path: str) -> str:
    """Say that a report was written."""
    return f"The report was saved: {shown(path)}."


def problem(found: Problem) -> str:
    """Say what stands in the way of a file; what can be done about it is on the buttons below."""
    details = "; ".join(str(value) for value in found.values.values() if value != "")
    return f"{shown(found.path)}\n{problem_short(found)}{f' ({details})' if details else ''}"


def stale(paths: list[str]) -> str:
    """Say that files were saved by another program after the preview."""
    some = shown(paths[0]) if len(paths) == 1 else count(len(paths), "file", "files")
    return f"{some} changed on disk after the preview. What is shown is how it is now; all ticks are kept."


def waiting(batches: int) -> str:
    """Say that batches wait to be put right."""
    return f"{count(batches, 'batch waits', 'batches wait')} to be put right. Nothing is lost."


def not_chosen(path: str) -> str:
    """Say that a file dialog cannot give a name as it is."""
    return f"Nothing was chosen: the name of {shown(path)} is not text. Drop the file here, or add it by its path."


def plan_saved(path: str) -> str:
    """Say that a plan was written."""
    return f"The plan was saved: {shown(path)}. {NOTHING_WRITTEN}"


def tried(files: int, matches: int) -> str:
    """Say what an operation would come to."""
    if not files:
        return "Nothing would change."
    changes = f"{count(matches, 'match', 'matches')} in " if matches else ""
    return f"{changes}{count(files, 'file', 'files')}"


def tried_problems(files: int, matches: int, problems: list[Problem]) -> str:
    """Do the same where something speaks against it."""
    return f"{tried(files, matches)} · {count(len(problems), 'problem', 'problems')}: {problem_short(problems[0])}"


def bad_pattern(reason: str) -> str:
    """Say that a pattern cannot be used."""
    return f"This cannot be searched for: {reason}."


def not_kept(reason: str) -> str:
    """Say that a setting holds only until the window is closed."""
    return f"This holds until Holdfast is closed: it could not be kept ({reason})."


def unavailable(why: str) -> str:
    """Say that there is no engine."""
    return f"The engine cannot be started ({why}). Start Holdfast again."
