"""Which names leftovers have, who makes them, and what each is: data, one line a kind.

A pattern stands for a whole name. What its groups hold, joined, is the name of the original. The first line that fits
wins, so narrow ones come first. Random endings need a digit or a capital letter: otherwise every `.name.config` would
be one (research on a kernel's source tree: 131 false hits without that rule, none with it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from core import names


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
    LOCK = "lock"  # holds no data, says that somebody is at work
    BACKUP = "backup"  # an earlier version, kept on purpose
    SETTINGS = "settings"  # a version that a package manager set aside for somebody to merge
    UNSAVED = "unsaved"  # an editor's copy of what was not saved
    SWAP = "swap"  # the same, in a form that only the editor can read
    CONFLICT = "conflict"  # what could not be merged
    IN_FLIGHT = "in_flight"  # on its way to another name
    TRANSFER = "transfer"  # a download that can be resumed

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


@dataclass(frozen=True, slots=True)
class Signature:
    """One kind of name. `is_sure`: the original's name is certain, so that it may be called missing."""

    pattern: str
    family: Family
    maker: str
    is_sure: bool = True


_RANDOM = r"(?=[A-Za-z_]*[0-9A-Z])[A-Za-z0-9_]"

SIGNATURES: tuple[Signature, ...] = (
    # Ours.
    Signature(names.SIDE.pattern, Family.SIDE, "Holdfast"),
    Signature(names.VISIBLE.pattern, Family.KEPT, "Holdfast"),
    # Never to be touched.
    Signature(r".+-(?:journal|wal|shm)", Family.PROTECTED, "SQLite"),
    Signature(r"\.nfs[0-9a-f]{8,}", Family.PROTECTED, "a network drive"),
    Signature(r"\.fuse_hidden[0-9a-f]{8,}", Family.PROTECTED, "a mounted drive"),
    Signature(r"\.smbdelete.+", Family.PROTECTED, "a network drive"),
    Signature(r".+\.(?:lock|lockb)", Family.PROTECTED, "a package manager or a running program"),
    Signature(r"(?:package|npm-shrinkwrap|pnpm)-lock\.(?:json|yaml)", Family.PROTECTED, "a package manager"),
    Signature(r".+\.dpkg-(?:new|tmp)", Family.PROTECTED, "dpkg"),
    # Locks.
    Signature(r"\.#(.+)", Family.LOCK, "Emacs"),
    Signature(r"\.~lock\.(.+)#", Family.LOCK, "LibreOffice"),
    Signature(r"~\$(.+\.(?:docx?|xlsx?|pptx?))", Family.LOCK, "Microsoft Office"),
    # What was not saved.
    Signature(r"\.(.+)\.sw[a-x]", Family.SWAP, "Vim"),
    Signature(r"\.(.+)\.kate-swp", Family.SWAP, "Kate"),
    Signature(r"#(.+)#", Family.UNSAVED, "Emacs"),
    Signature(r"(.+)\.save(?:\.\d+)?", Family.UNSAVED, "nano", is_sure=False),
    # Earlier versions.
    Signature(r"(.+)\.~\d+~", Family.BACKUP, "Emacs or cp"),
    Signature(r"(.+)~", Family.BACKUP, "an editor"),
    Signature(r"(.+)\.(?i:bak|backup)", Family.BACKUP, "a program or a person"),
    Signature(r"(.+)\.(?i:orig)", Family.BACKUP, "patch or a merge"),
    Signature(r"(.+)\.(?i:old)", Family.BACKUP, "a program or a person", is_sure=False),
    Signature(r"(.+)___jb_old___", Family.BACKUP, "a JetBrains editor"),
    Signature(r"(.+)\.(?:dpkg-(?:old|dist|bak)|ucf-(?:old|dist|new))", Family.SETTINGS, "dpkg"),
    Signature(r"(.+)\.rpm(?:save|orig|new)", Family.SETTINGS, "rpm"),
    Signature(r"(.+)\.pac(?:save|new)", Family.SETTINGS, "pacman"),
    # Conflicts.
    Signature(r"(.+)\.rej", Family.CONFLICT, "patch"),
    # On the way to another name.
    Signature(r"(.+)\.(?i:tmp|temp)", Family.IN_FLIGHT, "a program", is_sure=False),
    Signature(rf"(.+)\.tmp[.-]?{_RANDOM}{{1,32}}", Family.IN_FLIGHT, "a program", is_sure=False),
    Signature(r"(.+)___jb_tmp___", Family.IN_FLIGHT, "a JetBrains editor"),
    Signature(r"\.goutputstream-[A-Z0-9]{6}", Family.IN_FLIGHT, "a GNOME program"),
    Signature(rf"sed{_RANDOM}{{6}}", Family.IN_FLIGHT, "sed"),
    Signature(rf"\.(.+)\.{_RANDOM}{{6}}", Family.IN_FLIGHT, "rsync or another program"),
    # Downloads.
    Signature(r"(.+)\.(?:part|crdownload|partial)", Family.TRANSFER, "a download"),
)

# Folders whose content belongs to a program that tidies up after itself; deleting in them by name does harm.
MANAGED_FOLDERS = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", "lost+found"})
_TRASH = ".Trash"  # at the top of a disk, with or without the user's number behind it


class Match(NamedTuple):
    """What a name says: its kind, and what the original may be called (likeliest first; empty: it does not say)."""

    signature: Signature
    originals: tuple[str, ...]


def _compile() -> tuple[re.Pattern[str], dict[str, tuple[Signature, int]]]:
    """Make one alternation of all: it decides for nearly every name at once, and a scan meets millions."""
    by_group = {f"k{number}": (one, re.compile(one.pattern).groups) for number, one in enumerate(SIGNATURES)}
    whole = "|".join(f"(?P<{group}>{one.pattern})" for group, (one, _) in by_group.items())
    return re.compile(whole, re.DOTALL | re.ASCII), by_group


_ANY, _BY_GROUP = _compile()


def match(name: str) -> Match | None:
    """Return what a name says; None for nearly all names."""
    found = _ANY.fullmatch(name)
    if found is None:
        return None
    assert found.lastgroup is not None
    signature, groups = _BY_GROUP[found.lastgroup]
    if signature.family is Family.SIDE:
        return Match(signature, ())
    if signature.family is Family.KEPT:
        kept = names.parse_visible(name)
        return Match(signature, (kept[1],) if kept is not None and kept[1] else ())
    first = found.re.groupindex[found.lastgroup] + 1
    original = "".join(found[first + number] or "" for number in range(groups))
    # Many programs hide what is on its way: `.name.tmp` becomes `name`.
    is_hidden = signature.family is Family.IN_FLIGHT and original.startswith(".") and len(original) > 1
    return Match(signature, (original, original[1:]) if is_hidden else (original,) if original else ())


def is_managed(folder: str) -> bool:
    """Whether a folder of that name is left out, with everything in it."""
    return folder in MANAGED_FOLDERS or folder.startswith(_TRASH) or names.is_ours(folder)
