"""Words that only the window needs."""

from __future__ import annotations

from app.reason_texts import told
from app.short_texts import in_a_line
from app.texts import problem_short, shown, size
from app.words import _, counted
from core.errors import Fix, Problem
from core.history import Entry, State

NOTHING_BEFORE_APPLY = _("Nothing is written until you apply the batch.")
NOTHING_TO_TRY = _("What it would do is shown here while you type.")
ONLY_MATCHES = _("Too large to be shown whole: what is found, and what is put there.")
RENAME_HELP = _("\\1 is the first group, \\# a number that counts up")
ENCODINGS = {
    "": _("As it is"),
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
}
_KNOWN_AS = {
    **ENCODINGS,
    "utf-8-sig": "UTF-8 BOM",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    **{f"cp125{number}": f"Windows-125{number}" for number in range(9)},
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "koi8-r": "KOI8-R",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "iso8859-1": "Latin-1",
}
NEWLINES = {"": _("As they are"), "lf": "LF (Unix)", "crlf": "CRLF (Windows)", "cr": "CR"}
FIXES = {
    Fix.REMOVE: _("Leave it out"),
    Fix.OVERWRITE: _("Overwrite it"),
    Fix.SPLIT_LINKS: _("Let other names keep the old content"),
    Fix.KEEP_LINKS: _("Write into the file itself"),
    Fix.PREVIEW_AGAIN: _("Look again"),
    Fix.FREE_SPACE: _("Look again"),
    Fix.CHANGE_PERMISSIONS: _("Look again"),
    Fix.RECOVER: _("Look again"),
    Fix.WAIT: _("Look again"),
    Fix.BREAK_FORMAT: _("Let it break"),
    Fix.CONVERT: _("Convert it to UTF-8 first"),
    Fix.SKIP: _("Leave it as it is now"),
    Fix.TAKE: _("Bring the previous version back all the same"),
}
LOOK_AT_IT = _("Look at it")
LEAVE_WITH_TAB = _("Tab writes a tab; Ctrl+Tab goes on to the buttons.")
BY_PATH = _("A byte that is no text is written as \\xff; a backslash as \\\\.")
COPY_REPORT = _("Copy the report")
TOO_LATE_TO_CANCEL = _("Everything is changed. The previous versions are being put away; to take it back, undo it.")
ALL_IS_BACK = _("Everything is as it was. What had been prepared is being removed.")
IMAGE_MODES = {
    "two_up": _("Side by side"),
    "swipe": _("One over the other"),
    "onion": _("Seen through"),
    "difference": _("What differs"),
}
PART_BEFORE = _("How much of the picture before is shown")
FILES_ARE_CHANGED = _("Files are being changed, all of them or none.")
REGEX_HELP = _(
    "(…) is a group, \\1 or \\g<name> puts it into the replacement; \\b the edge of a word, \\d a digit, "
    ". any character, * any number of them; \\U \\L \\u \\l \\E change case"
)

SETTINGS_MEAN = _("What you choose is in force at once, and for the command line as well (“holdfast settings”).")
ABOUT = _(
    "Changes many files at once: all of them, or none of them.\n\n"
    "Under the MIT licence. Made with Qt (LGPL), which may be exchanged for another build of it. "
    "The fonts Inter and JetBrains Mono are under the SIL Open Font License."
)
STILL_RUNNING = _("A batch is still being applied.")
KEEP_RUNNING = _("Keep running")
PUT_BACK_AND_CLOSE = _("Cancel, put everything back, then close")
STILL_RUNNING_CHOICES = _(
    "It can go on, or everything that was changed is put back first. No file is harmed either way."
)


def deletes(find: str, pairs: int) -> str:
    """Say that an empty replacement deletes what is found."""
    if pairs == 1:
        return _("Every match will be deleted: the replacement is empty.")
    return _("Every “{find}” will be deleted: the replacement is empty.", find=find)


def text_format(encoding: str, ends: str) -> str:
    """Say how a text is written: its encoding, and its line ends where there are any."""
    known = _KNOWN_AS.get(encoding, encoding.upper())
    if not ends:
        return known
    return f"{known} · {_('mixed') if ends == 'mixed' else ends.upper()}"


def needs(space: list[tuple[str, int, int]], ticked: int) -> str:
    """Say how much room a batch needs: what is ticked, or where there are several disks, all of it on each."""
    if not ticked or not space:
        return ""
    if len(space) == 1:
        return _("Needs {size} on the disk ({free} free).", size=size(ticked), free=size(space[0][2]))
    each = [
        _("{size} on {disk} ({free} free)", size=size(needed), disk=shown(where), free=size(free))
        for where, needed, free in space
    ]
    return _("Needs at most {parts}.", parts=", ".join(each))


def checked(differing: int) -> str:
    """Say what looking at all files of a batch again has shown."""
    if differing:
        return counted(
            differing,
            "Checked again: {n} file is not as the batch left it.",
            "Checked again: {n} files are not as the batch left them.",
        )
    return _("Checked again, by digest where content is new: everything is exactly as previewed.")


def report_told(*, now: bool) -> str:
    """Say that something went wrong inside; what it is, is in the report."""
    if now:
        return _("Something went wrong inside Holdfast. No file was harmed by it; a batch that runs goes on.")
    return _("Holdfast closed unexpectedly the last time. Interrupted batches wait on the Recovery page.")


def was_closed(name: str, entry: Entry | None) -> str:
    """Say what became of a batch whose window was closed by force."""
    batch = _("Holdfast was closed by force while “{name}” was being applied.", name=in_a_line(name))
    if entry is None:
        return f"{batch} " + _("Nothing was changed.")
    if entry.state in (State.APPLIED, State.UNDONE):
        became = counted(
            entry.files,
            "It was complete already: {n} file has its new content. To take it back, undo it in History.",
            "It was complete already: {n} files have their new content. To take it back, undo it in History.",
        )
    else:
        became = counted(
            entry.files, "It was put back: {n} file is as before.", "It was put back: {n} files are as before."
        )
    return f"{batch} {became}"


def report_saved(path: str) -> str:
    """Say that a report was written."""
    return _("The report was saved: {path}.", path=shown(path))


def problem(found: Problem) -> str:
    """Say what stands in the way of a file; what can be done about it is on the buttons below."""
    details = "; ".join(told(value) for value in found.values.values() if value != "")
    return f"{shown(found.path)}\n{problem_short(found)}{f' ({details})' if details else ''}"


def stale(paths: list[str]) -> str:
    """Say that files were saved by another program after the preview."""
    if len(paths) == 1:
        what = _("{path} changed on disk after the preview.", path=shown(paths[0]))
    else:
        what = counted(
            len(paths), "{n} file changed on disk after the preview.", "{n} files changed on disk after the preview."
        )
    return f"{what} {_('What is shown is how it is now; all ticks are kept.')}"


def waiting(batches: int) -> str:
    """Say that batches wait to be put right."""
    return counted(
        batches,
        "{n} batch waits to be put right. Nothing is lost.",
        "{n} batches wait to be put right. Nothing is lost.",
    )


def not_chosen(path: str) -> str:
    """Say that a file dialog cannot give a name as it is."""
    return _(
        "Nothing was chosen: the name of {path} is not text. Drop the file here, or add it by its path.",
        path=shown(path),
    )


def plan_saved(path: str) -> str:
    """Say that a plan was written."""
    return _("The plan was saved: {path}. Nothing has been written yet.", path=shown(path))


def tried(files: int, matches: int) -> str:
    """Say what an operation would come to."""
    if not files:
        return _("Nothing would change.")
    told_files = counted(files, "{n} file", "{n} files")
    if not matches:
        return told_files
    return _("{matches} in {files}", matches=counted(matches, "{n} match", "{n} matches"), files=told_files)


def tried_problems(files: int, matches: int, problems: list[Problem]) -> str:
    """Do the same where something speaks against it."""
    return _(
        "{tried} · {problems}: {first}",
        tried=tried(files, matches),
        problems=counted(len(problems), "{n} problem", "{n} problems"),
        first=problem_short(problems[0]),
    )


def bad_pattern(reason: str) -> str:
    """Say that a pattern cannot be used."""
    return _("This cannot be searched for: {reason}.", reason=told(reason))


def not_kept(reason: str) -> str:
    """Say that a setting holds only until the window is closed."""
    return _("This holds until Holdfast is closed: it could not be kept ({reason}).", reason=told(reason))


def unavailable(why: str) -> str:
    """Say that there is no engine."""
    return _("The engine cannot be started ({reason}). Start Holdfast again.", reason=told(why))


def tip(text: str) -> str:
    """Return a text as a tool tip: Qt would take one that holds a tag, which a name may, for HTML."""
    if "<" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p>{escaped}</p>"
