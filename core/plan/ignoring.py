"""Which files a scope leaves out by their names: its own patterns, and the .gitignore files of the folders above them."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.fs import files

if TYPE_CHECKING:  # most plans need none, and it takes a while to be imported
    from pathspec import GitIgnoreSpec

_AT_MOST = 1 << 20
_SPECIAL = frozenset("*?[]\\/ ")


def spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Read patterns. Raises ValueError."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


class Rules:
    """The patterns of one .gitignore file.

    Nearly every file of a tree is meant by none of them, and `pathspec` asks a hundred patterns one after the other to
    find that out. So every pattern is first known by a text that the names it can mean have in them, and most of the
    hundreds of such files in a large tree are never read any further.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = list(lines)
        self._glance = _Glance(self._lines)

    def doubtful(self, folder: str, names: list[str]) -> list[str]:
        """Return which names in a folder below its own ("" or with a slash) there may be a pattern about."""
        return self._glance.doubtful(folder, names)

    def verdict(self, relative: str) -> bool | None:
        """Whether a path below its folder is left out; None where no pattern is about it. A folder's ends with a slash."""
        return self._spec.check_file(relative).include if self._glance.may_match(relative) else None

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        try:
            return spec(self._lines)
        except ValueError:
            return spec(filter(_is_pattern, self._lines))


def _is_pattern(line: str) -> bool:
    """Whether a line can be used; git goes on without one that cannot."""
    try:
        spec([line])
    except ValueError:
        return False
    return True


class _Glance:
    """Tells paths that no pattern can be about, by the names in them alone."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._last: set[str] = set()  # endings with a dot at their beginning alone; there are many of them
        beginnings: list[str] = []
        endings: list[str] = []
        parts: list[str] = []
        for line in lines:
            match _telling(line):
                case []:
                    pass
                case [name]:
                    self._names.add(name)
                case [beginning, ""] if beginning:
                    beginnings.append(beginning)
                case ["", ending] if ending.rfind(".") == 0:
                    self._last.add(ending)
                case ["", ending] if ending:
                    endings.append(ending)
                case runs:
                    parts.append(max(runs, key=len))
        self._beginnings, self._endings = tuple(beginnings), tuple(endings)
        self._part = re.compile("|".join(map(re.escape, parts))) if parts else None  # one that is empty is in all names
        self._above = "", False

    def may_match(self, relative: str) -> bool:
        """Whether there may be a pattern about a path, or about a folder in it."""
        above, _, name = relative.rstrip("/").rpartition("/")
        return self._is_told_above(above) or self._is_told(name)

    def doubtful(self, folder: str, names: list[str]) -> list[str]:
        """Return which names in a folder there may be a pattern about."""
        return names if self._is_told_above(folder.rstrip("/")) else [name for name in names if self._is_told(name)]

    def _is_told_above(self, above: str) -> bool:
        if self._above[0] != above:
            self._above = above, any(map(self._is_told, above.split("/")))
        return self._above[1]

    def _is_told(self, name: str) -> bool:
        return (
            name in self._names
            or (name[name.rfind(".") :] if "." in name else "") in self._last
            or name.startswith(self._beginnings)
            or name.endswith(self._endings)
            or (self._part is not None and self._part.search(name) is not None)
        )


def _telling(line: str) -> list[str]:
    """Return what is fixed in the last telling part of a pattern, cut where anything may stand; [] where none is read."""
    text = line.strip()
    if not text or text.startswith("#"):
        return []
    parts = [_runs(part) for part in text.removeprefix("!").split("/")]
    telling = next((runs for runs in reversed(parts) if any(runs)), [""])
    # Whether a space at an end counts is not for us to say.
    return telling if text == line and any(telling) else ["", max(telling, key=len), ""]


def _runs(glob: str) -> list[str]:
    """Return the fixed texts between what stands for anything; what follows a bracket is not read."""
    runs = [""]
    characters = iter(glob)
    for one in characters:
        if one == "\\":
            runs[-1] += next(characters, "")
        elif one in "*?[":
            runs.append("")
            if one == "[":
                break
        else:
            runs[-1] += one
    return runs


class Patterns:
    """Patterns as in a .gitignore, for paths relative to a folder."""

    def __init__(self, lines: Iterable[str]) -> None:
        lines = list(lines)
        # Most patterns are of the kind *.py, and a look at the ending is all that they need.
        in_order = any(line.startswith("!") for line in lines)
        simple = [line for line in lines if line[:2] == "*." and not _SPECIAL & set(line[2:]) and not in_order]
        self._endings = tuple(line[1:] for line in simple)
        others = [line for line in lines if line not in simple]
        self._others = Rules(others) if others else None

    def match(self, relative: str) -> bool:
        """Whether one of the patterns is about that path; a folder's ends with a slash."""
        if relative.endswith(self._endings):
            return True
        return self._others is not None and bool(self._others.verdict(relative))


@dataclass(frozen=True, slots=True)
class Ignored:
    """The .gitignore files that hold in a folder, the nearest first: (its folder with a slash, what it says).

    They count in a repository alone, as for git: elsewhere such a file has been left over from one, or came with it.
    """

    rules: tuple[tuple[str, Rules], ...] = ()
    in_repository: bool = False

    def inside(self, folder: str, names: Container[str], folders: Container[str] = ()) -> Ignored:
        """Return what holds in a folder below, in which there are these files and folders."""
        own = _excluded(folder) if ".git" in folders or ".git" in names else self
        if not own.in_repository or ".gitignore" not in names:
            return own
        said = _read(f"{folder}/.gitignore")
        return replace(own, rules=((f"{folder}/", said), *own.rules)) if said is not None else own

    def kept(self, folder: str, names: list[str]) -> list[str]:
        """Return which files of a folder (with a slash) are not to be ignored."""
        doubtful: set[str] = set()
        for above, one in self.rules:
            doubtful.update(one.doubtful(folder[len(above) :], names))
        if not doubtful:
            return names
        return [name for name in names if name not in doubtful or not self.leaves_out(folder + name)]

    def leaves_out(self, path: str) -> bool:
        """Whether a path is to be ignored; a folder's ends with a slash."""
        for folder, one in self.rules:
            verdict = one.verdict(path[len(folder) :])
            if verdict is not None:
                return verdict
        return False


def above(folder: str) -> Ignored:
    """Return what holds in a folder because of those above it, up to the one where the repository begins."""
    chain: list[str] = []
    one = os.path.dirname(folder)
    if files.exists(f"{folder}/.git"):
        return Ignored()
    while one != "/" and not files.exists(f"{one}/.git"):
        chain.append(one)
        one = os.path.dirname(one)
    if one == "/":
        return Ignored()
    found = _excluded(one)
    for step in [one, *reversed(chain)]:
        found = found.inside(step, [".gitignore"] if files.exists(f"{step}/.gitignore") else [])
    # Who names a folder that is ignored means it all the same.
    return Ignored(in_repository=True) if found.leaves_out(f"{folder}/") else found


def _excluded(repository: str) -> Ignored:
    own = _read(f"{repository}/.git/info/exclude")
    return Ignored(((f"{repository}/", own),) if own is not None else (), in_repository=True)


def _read(path: str) -> Rules | None:
    try:
        data = files.read_small(path, _AT_MOST)
        return Rules(data.decode("utf-8", "surrogateescape").splitlines())
    except (OSError, files.TooLarge):
        return None  # git goes on without a file that it cannot read
