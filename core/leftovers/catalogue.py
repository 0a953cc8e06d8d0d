"""What the lines of `core.leftovers.kinds` mean, and which of them a name fits.

A scan meets millions of names and hardly any fits, so names are sifted by the folder: one search over all of them at
once, which lets through whatever might fit, and then the patterns themselves.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core import names
from core.leftovers.kinds import FOLDERS, KINDS


class Kind(StrEnum):
    """What people are told that a leftover is."""

    BACKUP = "backup"
    TEMPORARY = "temporary"
    OWN = "own"


class Family(StrEnum):
    """What kinds have in common when it comes to judging them."""

    SIDE = "side"  # our own side files: journals know them
    KEPT = "kept"  # a version that we kept in sight
    PROTECTED = "protected"  # part of something that lives, whatever its name suggests
    MANAGED = "managed"  # a program tidies up by itself
    LOCK = "lock"  # holds no data, says that somebody is at work
    BACKUP = "backup"  # an earlier version, kept on purpose
    SETTINGS = "settings"  # a version that a package manager set aside for somebody to merge
    UNSAVED = "unsaved"  # an editor's copy of what was not saved
    SWAP = "swap"  # the same, in a form that only the editor can read
    CONFLICT = "conflict"  # what could not be merged
    IN_FLIGHT = "in_flight"  # on its way to another name
    SCRATCH = "scratch"  # of no use without the program that made it
    TRANSFER = "transfer"  # a download that can be resumed
    DUMP = "dump"  # what a program that crashed had in memory

    @property
    def kind(self) -> Kind:
        """What people are told."""
        if self in (Family.SIDE, Family.KEPT):
            return Kind.OWN
        return Kind.BACKUP if self in (Family.BACKUP, Family.SETTINGS) else Kind.TEMPORARY

    @property
    def is_version(self) -> bool:
        """Whether the content is a version of the original, so that it can be compared with it and put in its place."""
        return self in (Family.KEPT, Family.BACKUP, Family.SETTINGS, Family.UNSAVED, Family.IN_FLIGHT)


class Class(StrEnum):
    """How much may be done without asking about each. SAFE: cleared once its tests pass; ASK: only if identical."""

    SAFE = "safe"
    ASK = "ask"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Signature:
    """One kind of name; see `core.leftovers.kinds` for the columns."""

    number: int
    pattern: str
    family: Family
    maker: str
    meaning: str
    life: str
    owner: str
    proof: str
    original: str
    grade: Class
    regex: re.Pattern[str] = field(compare=False, repr=False)

    @property
    def is_sure(self) -> bool:
        """Whether the original's name is certain, so that it may be called missing."""
        return self.original not in ("unsure", "beside", "none")


class Match(NamedTuple):
    """What a name says: its kind, what the original may be called (likeliest first; empty: it does not say), whose."""

    signature: Signature
    originals: tuple[str, ...]
    pid: int = 0
    host: str = ""


class Managed(NamedTuple):
    """A folder that is left alone: number of the kind, who manages it, and what is in it."""

    number: int
    by: str
    what: str


_HOW = re.DOTALL | re.ASCII
SIGNATURES = tuple(
    Signature(*line[:2], Family(line[2]), *line[3:9], Class(line[9]), re.compile(line[1], _HOW)) for line in KINDS
)
_NAMED = re.compile(r"\(\?P<\w+>")
_ANY = re.compile("|".join(f"(?:{_NAMED.sub('(?:', one.pattern)})" for one in SIGNATURES), _HOW)
_FOLDERS = tuple(
    (re.compile(rf"(?:.*/)?(?:{end})", _HOW), Managed(number, by, what)) for number, end, by, what in FOLDERS
)

_ANY_FOLDER = re.compile(rf"(?:.*/)?(?:{'|'.join(f'(?:{end})' for _, end, *_ in FOLDERS)})", _HOW)
_OURS = Managed(85, "Holdfast", "what batches replaced; undo brings it back")

# Lets through every name that a pattern fits (a test makes names of all of them), and few others. "/" ends each name.
_SIEVE = re.compile(
    r"/(?:[.#~]|(?:sed|XX|zi|tmp|cc)[A-Za-z0-9_]{6}|[0-9A-F]{8}/|core[./]|vgcore|(?:LOCK|lock|lock\.mdb|Thumbs\.db)/"
    r"|4913/|5[0-9]{3}/|AutoR|Backup of |(?i:FILE)\d|gimpswap|Photoshop|hs_err|(?:package|npm-shrinkwrap|pnpm)-lock)"
    r"|[~#]/|-(?:journal|wal|shm)/|-mj[0-9A-F]|@\d{4}-\d\d-|_(?:BACKUP|BASE|LOCAL|REMOTE)_|conflict|\(kept by |\(busy|___/"
    r"|~RF|\.blend|\.pyc\."
    r"|\.(?:(?i:bak|backup|orig|old|prev|tmp|temp)/|(?:rej|mine|part|partial|download|crdownload|save|lock|lockb|ldb|dbtmp"
    r"|laccdb|dwl2?|asd|xlk|wbk|sv\$|ac\$|aria2|!qB|!ut|ytdl|filepart|hprof|trashinfo|dpkg-\w+|ucf-\w+|rpm\w+|pac\w+)/"
    r"|save\.|tmp|r\d+/|\d{7,10}/|[or]?(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]+[A-Z0-9])[A-Za-z0-9]{6}/)",
    _HOW,
)


def sift(listed: Sequence[str]) -> list[str]:
    """Return those of the names in a folder that are some leftover's."""
    text = f"/{'/'.join(listed)}/"
    found = []
    end = 0
    while (hit := _SIEVE.search(text, end)) is not None:
        start = text.rfind("/", 0, hit.start() + 1) + 1 if text[hit.start()] != "/" else hit.start() + 1
        end = text.find("/", start)
        if end < 0:
            break
        name = text[start:end]
        if name and _ANY.fullmatch(name) is not None:
            found.append(name)
    return found


def match(name: str) -> Match | None:
    """Return what a name alone says; None for nearly all names."""
    return next(iter(matches(name)), None)


@functools.lru_cache(4096)  # of a tree that is looked through again, and of names that many folders have
def matches(name: str) -> tuple[Match, ...]:
    """Return all that a name may be, in the order in which they count: contents decide between them."""
    if _ANY.fullmatch(name) is None:
        return ()
    return tuple(_said(one, hit) for one in SIGNATURES if (hit := one.regex.fullmatch(name)) is not None)


def _said(signature: Signature, hit: re.Match[str]) -> Match:
    if signature.family is Family.SIDE or signature.original == "none":
        originals: tuple[str, ...] = ()
    elif signature.family is Family.KEPT:
        kept = names.parse_visible(hit[0])
        originals = (kept[1],) if kept is not None and kept[1] else ()
    else:
        named = set(hit.re.groupindex.values())
        joined = "".join(text or "" for number, text in enumerate(hit.groups(), 1) if number not in named)
        originals = _candidates(signature, joined + signature.original.partition(" + ")[2])
    said = hit.groupdict()
    return Match(signature, originals, int(said.get("pid") or 0), said.get("host") or "")


def _candidates(signature: Signature, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    # Many programs hide what is on its way: `.name.tmp` becomes `name`.
    if signature.family is Family.IN_FLIGHT and name.startswith(".") and len(name) > 1:
        return (name, name[1:])
    # A program for drawings keeps `x.bak` of `x.dwg`.
    return (name, f"{name}.dwg", f"{name}.dxf") if signature.original == "drawing" and "." not in name else (name,)


def managed_folder(path: str) -> Managed | None:
    """Return who manages the folder at a path (only its last parts count); None for nearly all."""
    if names.is_ours(path.rpartition("/")[2]):
        return _OURS
    end = "/".join(path.rsplit("/", 4)[-4:])
    if _ANY_FOLDER.fullmatch(end) is None:
        return None
    return next((who for pattern, who in _FOLDERS if pattern.fullmatch(end)), None)


def is_managed_path(path: str) -> bool:
    """Whether a path lies in a folder that a program manages, where no leftover is offered."""
    folder = os.path.dirname(path)
    while folder not in ("", "/"):
        if managed_folder(folder) is not None:
            return True
        folder = os.path.dirname(folder)
    return False
