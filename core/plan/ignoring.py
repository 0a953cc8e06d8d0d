"""Which files a scope leaves out by their names: its own patterns, and the .gitignore files of the folders above them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
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


class Patterns:
    """Patterns as in a .gitignore, for paths relative to a folder."""

    def __init__(self, lines: Iterable[str]) -> None:
        lines = list(lines)
        # Most patterns are of the kind *.py, and a look at the ending is all that they need.
        in_order = any(line.startswith("!") for line in lines)
        simple = [line for line in lines if line[:2] == "*." and not _SPECIAL & set(line[2:]) and not in_order]
        self._endings = tuple(line[1:] for line in simple)
        others = [line for line in lines if line not in simple]
        self._spec = spec(others) if others else None

    def match(self, relative: str) -> bool:
        """Whether one of the patterns is about that path; a folder's ends with a slash."""
        if relative.endswith(self._endings):
            return True
        return self._spec is not None and bool(self._spec.check_file(relative).include)


@dataclass(frozen=True, slots=True)
class Ignored:
    """The .gitignore files that hold in a folder, the nearest first: (its folder with a slash, what it says)."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def inside(self, folder: str, names: Iterable[str]) -> Ignored:
        """Return what holds in a folder below, in which there are these names."""
        if ".gitignore" not in names:
            return self
        own = _read(f"{folder}/.gitignore")
        return Ignored(((f"{folder}/", own), *self.rules)) if own is not None else self

    def leaves_out(self, path: str) -> bool:
        """Whether a path is to be ignored; a folder's ends with a slash."""
        for folder, one in self.rules:
            verdict = one.check_file(path[len(folder) :]).include
            if verdict is not None:
                return verdict
        return False


def above(folder: str) -> Ignored:
    """Return what holds in a folder because of those above it, up to the one where the repository begins."""
    chain: list[str] = []
    one = os.path.dirname(folder)
    if files.exists(f"{folder}/.git"):
        return _excluded(folder)
    while one != "/" and not files.exists(f"{one}/.git"):
        chain.append(one)
        one = os.path.dirname(one)
    if one == "/":
        return Ignored()  # no repository: what lies above says nothing
    found = _excluded(one)
    for step in [one, *reversed(chain)]:
        found = found.inside(step, [".gitignore"] if files.exists(f"{step}/.gitignore") else [])
    # Who names a folder that is ignored means it all the same.
    return Ignored() if found.leaves_out(f"{folder}/") else found


def _excluded(repository: str) -> Ignored:
    own = _read(f"{repository}/.git/info/exclude")
    return Ignored(((f"{repository}/", own),) if own is not None else ())


def _read(path: str) -> GitIgnoreSpec | None:
    try:
        data = files.read_small(path, _AT_MOST)
        return spec(data.decode("utf-8", "surrogateescape").splitlines())
    except (OSError, files.TooLarge, ValueError):
        return None  # git goes on without a file that it cannot read
