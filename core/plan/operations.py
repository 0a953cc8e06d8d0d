"""What a person can ask for. Paths are absolute here; operations run in order, each on the result of those before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.content.edit import Edit


class Links(StrEnum):
    """What to do when a file that gets new content has other names (hard links), or is a mount point by itself.

    `KEEP` is the consent to write in place: the file stays what it is, but others can see it half written meanwhile.
    """

    REFUSE = "refuse"
    KEEP = "keep"
    SPLIT = "split"


class Times(StrEnum):
    """Which modification time new content gets."""

    NEW = "new"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Options:
    """Choices that several operations share. `expect`: "sha256:…" of the file that the preview saw, or ""."""

    links: Links = Links.REFUSE
    times: Times = Times.NEW
    expect: str = ""


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Material:
    """Content given in the plan (`data`) or by another file (`source`, absolute)."""

    data: bytes | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """Create or overwrite."""

    path: str
    material: Material
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Create:
    """Make a file that must not exist."""

    path: str
    material: Material
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Replace:
    """Give a file that must exist new content."""

    path: str
    material: Material
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class EditFile:
    """Find and replace in one file."""

    path: str
    edit: Edit
    options: Options = field(default=DEFAULTS)


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a file, a symlink or a whole folder."""

    path: str
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Move:
    """Rename a file, a symlink or a whole folder; the new name must be free by then."""

    path: str
    to: str
    options: Options = DEFAULTS


Operation = Write | Create | Replace | EditFile | Delete | Move
