"""What a person can ask for. Paths are absolute here; operations run in order, each on the result of those before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.content.convert import Wanted
from core.content.edit import Edit
from core.content.search import PLAINLY, How, Rule


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
    """Choices that several operations share. `expect`: "sha256:…" of the file that the preview saw, or "".

    `guard`: whether an edit that breaks the format of a file is a problem.
    """

    links: Links = Links.REFUSE
    times: Times = Times.NEW
    expect: str = ""
    guard: bool = True


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class Material:
    """Content given in the plan (`data`) or by another file (`source`, absolute).

    `executable`: whether a file that is made of it can be started as a program, if its `source` does not say so.
    """

    data: bytes | None = None
    source: str = ""
    executable: bool = False


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


@dataclass(frozen=True, slots=True)
class Restore:
    """Give a name what an attic holds: that very file, symlink or folder, which leaves the attic. Only undo asks for it.

    What has the name is displaced. `in_place`: the file that has it stays, and gets content and metadata of what is held.
    """

    path: str
    held: str
    in_place: bool = False
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Link:
    """Make a symlink that says `target`; nothing may have its name. Patches ask for it."""

    path: str
    target: str
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Mode:
    """Let everybody who may read a file run it as a program, or nobody. Patches ask for it."""

    path: str
    runnable: bool
    options: Options = DEFAULTS


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files an operation is about: regular ones in and below `roots`; a root that is a file is always one of them.

    `glob` and `exclude` are patterns as in a .gitignore. `hidden`: whether names that begin with a dot are in;
    `gitignore`: whether what the .gitignore files of a repository name is left out; `binary`: whether files that are no
    text are in. Sizes in bytes, 0 for no limit; `newer` and `older` than a time in seconds since 1970, 0 for none.
    `without`: files and folders left out; `only`: files that alone are meant, as far as they are in the scope.
    """

    roots: tuple[str, ...]
    glob: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hidden: bool = False
    gitignore: bool = True
    binary: bool = False
    min_size: int = 0
    max_size: int = 0
    newer: float = 0.0
    older: float = 0.0
    without: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FindReplace:
    """Find and replace in many files: the rules one after the other, or all in one pass (`simultaneous`).

    `encoding`: that of the files, "" to find out; `skip`: ids of matches that are left out.
    """

    scope: Scope
    rules: tuple[Rule, ...]
    how: How = PLAINLY
    simultaneous: bool = False
    encoding: str = ""
    skip: frozenset[str] = frozenset()
    options: Options = DEFAULTS

    @property
    def path(self) -> str:
        """Return a path that names the operation in messages."""
        return self.scope.roots[0]


@dataclass(frozen=True, slots=True)
class Convert:
    """Give many files another encoding or other line ends. `source`: the encoding they have, "" to find out."""

    scope: Scope
    wanted: Wanted
    source: str = ""
    options: Options = DEFAULTS

    @property
    def path(self) -> str:
        """Return a path that names the operation in messages."""
        return self.scope.roots[0]


@dataclass(frozen=True, slots=True)
class Rename:
    r"""Rename many files by a pattern over their names. In `rule.replace` `\#` is a number that counts up.

    `folders`: whether folders get new names as well; `start`, `step` and `digits` are about the number.
    """

    scope: Scope
    rule: Rule
    how: How
    folders: bool = False
    start: int = 1
    step: int = 1
    digits: int = 1

    @property
    def path(self) -> str:
        """Return a path that names the operation in messages."""
        return self.scope.roots[0]


@dataclass(frozen=True, slots=True)
class Patch:
    """Apply a unified diff. `strip`: how many parts of the paths in it do not count; they start at `base`.

    `without`: files that stay as they are, whatever the diff says of them; `skip`: parts that are left out, by their ids.
    """

    path: str
    base: str
    strip: int = 1
    options: Options = DEFAULTS
    without: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()


Operation = (
    Write | Create | Replace | EditFile | Delete | Move | Link | Mode | Restore | FindReplace | Convert | Rename | Patch
)
