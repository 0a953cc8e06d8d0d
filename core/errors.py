"""What can go wrong, as values: a stable code, the paths it is about, and figures. Words are made by `app.texts`.

`Problem` is a finding of the check before anything is written; it is listed, never raised. Exceptions are for misuse
and for what ends a batch early; `core.api.apply` turns those into an outcome.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Why a batch may not be applied as it stands."""

    MISSING = "missing"
    EXISTS = "exists"
    IS_FOLDER = "is_folder"
    NOT_A_FOLDER = "not_a_folder"
    SPECIAL_FILE = "special_file"
    OUTSIDE_ROOT = "outside_root"
    OWN_FILES = "own_files"
    SAME_FILE = "same_file"
    HARD_LINKS = "hard_links"
    INTO_ITSELF = "into_itself"
    MOUNT_POINT = "mount_point"
    LAYERED = "layered"
    CHANGED = "changed"
    NO_MATCH = "no_match"
    BAD_PATTERN = "bad_pattern"
    PATTERN_TIMEOUT = "pattern_timeout"
    BINARY = "binary"
    LONG_LINE = "long_line"
    UNENCODABLE = "unencodable"
    UNDECODABLE = "undecodable"
    BROKEN_FORMAT = "broken_format"
    UNKNOWN_SKIP = "unknown_skip"
    COLLISION = "collision"
    BAD_PATCH = "bad_patch"
    HUNK_FAILS = "hunk_fails"
    HUNK_OFFSET = "hunk_offset"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"
    FIXED = "fixed"
    NAME_TOO_LONG = "name_too_long"
    RESERVED_NAME = "reserved_name"
    FOLLOWED = "followed"
    IN_USE = "in_use"
    NO_SPACE = "no_space"
    OTHER_DISK = "other_disk"
    SYMLINK_LOOP = "symlink_loop"
    REMAINS = "remains"
    UNRESOLVED = "unresolved"
    BUSY = "busy"
    UNSUPPORTED = "unsupported"
    DEPENDS = "depends"
    EDITED_SINCE = "edited_since"
    GONE_SINCE = "gone_since"
    REPLACED_SINCE = "replaced_since"
    TAKEN_SINCE = "taken_since"
    LATER_BATCH = "later_batch"
    NOT_HELD = "not_held"


class Fix(StrEnum):
    """What a person can do about a problem."""

    REMOVE = "remove"
    OVERWRITE = "overwrite"
    SPLIT_LINKS = "split_links"
    KEEP_LINKS = "keep_links"
    PREVIEW_AGAIN = "preview_again"
    FREE_SPACE = "free_space"
    CHANGE_PERMISSIONS = "change_permissions"
    RECOVER = "recover"
    WAIT = "wait"
    RENAME = "rename"
    CONVERT = "convert"
    BREAK_FORMAT = "break_format"
    SKIP = "skip"
    TAKE = "take"
    UNDO_LATER = "undo_later"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: which operation (index in the batch, or None), where, what, and what would mend it."""

    code: ProblemCode
    path: str = ""
    operation: int | None = None
    values: dict[str, object] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = (Fix.REMOVE,)


class HoldfastError(Exception):
    """Base of everything that Holdfast raises on purpose."""

    code = "error"

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without calling `__init__` again, which takes no positions."""
        return _remade, (type(self), self.args), self.__dict__

    def __str__(self) -> str:
        """Name the code and its values, for logs; people read `app.texts` instead."""
        return f"{self.code} {self.values}" if self.values else self.code


def _remade(kind: type[HoldfastError], arguments: tuple[object, ...]) -> HoldfastError:
    error = kind.__new__(kind)
    error.args = arguments
    return error


class BadPlan(HoldfastError):
    """The plan file cannot be read as a plan; `values` has `line`, `reason` and what it is about."""

    code = "bad_plan"


class Conflict(HoldfastError):
    """A file is not the one that was previewed; `values` has `path`."""

    code = "conflict"


class JournalDamaged(HoldfastError):
    """A record in the middle of a journal does not verify: not a torn end, so nothing may be concluded from it."""

    code = "journal_damaged"


class JournalNewer(JournalDamaged):
    """The journal was written by a newer version of Holdfast, which alone knows what it says."""

    code = "journal_newer"


class JournalBusy(HoldfastError):
    """The journal's owner is alive."""

    code = "journal_busy"


class NotOurs(HoldfastError):
    """The journal belongs to another user, who could have written anything into it."""

    code = "not_ours"


class Busy(HoldfastError):
    """Another Holdfast works in one of the folders; `values` has `path`."""

    code = "busy"


class Elsewhere(HoldfastError):
    """A folder of the journal is not here, or not the one that it was: nothing may be concluded."""

    code = "elsewhere"


class CannotUndo(HoldfastError):
    """There is nothing to bring back; `values` has `why`: a `core.history.Hindrance`, or "unknown"."""

    code = "cannot_undo"


class RefusedBatch(HoldfastError):
    """The batch was refused with problems (raised by the doors that return values, such as `core.patterns`)."""

    code = "refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems=[f"{p.code}: {os.fsencode(p.path)!r}" for p in problems])
        self.problems = problems


class NeedsAttention(HoldfastError):
    """Something could not be put back. Nothing is lost: `values` has `journal` and `kept`."""

    code = "needs_attention"
