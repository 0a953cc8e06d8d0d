"""Which names leftovers have, who makes them, and where the file is that each belongs to: data, one line a kind.

A pattern stands for a whole name; its group "of" is the name of the original beside it. The first line that fits wins,
so narrow ones come first. "????" kinds of random endings need a digit or a capital: `.config` is no leftover.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a leftover is, as far as its name tells."""

    OWN = "own"
    BACKUP = "backup"
    TEMPORARY = "temporary"
    LOCK = "lock"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Signature:
    """One kind of name: a regular expression for all of it, what it means, and who makes it."""

    pattern: str
    kind: Kind
    maker: str


_RANDOM = r"(?=[A-Za-z]*[0-9A-Z])[A-Za-z0-9_]{6,12}"

SIGNATURES: tuple[Signature, ...] = (
    # Ours.
    Signature(r"\.~hf-[a-z2-7]{10}-\d{1,9}b?", Kind.OWN, "Holdfast"),
    Signature(r"(?P<of>.+) \(kept by Holdfast [a-z2-7]{10}(?: \d+)?\)(?P<of_ending>\.[^.]*)?", Kind.OWN, "Holdfast"),
    # Never to be touched: part of something that lives, whatever the name suggests.
    Signature(r"(?P<of>.+)-(?:journal|wal|shm)", Kind.PROTECTED, "SQLite"),
    Signature(r"\.nfs[0-9a-f]{16,}", Kind.PROTECTED, "NFS"),
    Signature(r"\.fuse_hidden[0-9a-f]{16,}", Kind.PROTECTED, "FUSE"),
    Signature(
        r"(?:package-lock|composer|Cargo|poetry|uv|yarn|Pipfile|flake|Gemfile)\.lock", Kind.PROTECTED, "package manager"
    ),
    # Locks: they hold nothing, but say that somebody is at work.
    Signature(r"\.#(?P<of>.+)", Kind.LOCK, "Emacs"),
    Signature(r"\.~lock\.(?P<of>.+)#", Kind.LOCK, "LibreOffice"),
    Signature(r"~\$(?P<of>.+\.(?:docx?|xlsx?|pptx?))", Kind.LOCK, "Microsoft Office"),
    # Versions that are kept on purpose, and unsaved work.
    Signature(r"\.(?P<of>.+)\.sw[a-x]", Kind.BACKUP, "Vim"),
    Signature(r"#(?P<of>.+)#", Kind.BACKUP, "Emacs"),
    Signature(r"\.(?P<of>.+)\.kate-swp", Kind.BACKUP, "Kate"),
    Signature(r"(?P<of>.+)\.~\d+~", Kind.BACKUP, "Emacs or cp"),
    Signature(r"(?P<of>.+)~", Kind.BACKUP, "an editor"),
    Signature(r"(?P<of>.+)\.save(?:\.\d+)?", Kind.BACKUP, "nano"),
    Signature(r"(?P<of>.+)___jb_old___", Kind.BACKUP, "JetBrains"),
    Signature(r"(?P<of>.+)\.(?:dpkg|ucf)-(?:old|dist|new|bak)", Kind.BACKUP, "dpkg"),
    Signature(r"(?P<of>.+)\.rpm(?:save|orig|new)", Kind.BACKUP, "rpm"),
    Signature(r"(?P<of>.+)\.orig", Kind.BACKUP, "patch or a merge"),
    Signature(r"(?P<of>.+)\.rej", Kind.BACKUP, "patch"),
    Signature(r"(?P<of>.+)\.(?:bak|BAK|backup|old|OLD)(?:\.?\d+)?", Kind.BACKUP, "a backup"),
    # Files on their way to another name.
    Signature(r"(?P<of>.+)___jb_tmp___", Kind.TEMPORARY, "JetBrains"),
    Signature(r"\.goutputstream-[A-Z0-9]{6}", Kind.TEMPORARY, "GLib"),
    Signature(rf"sed{_RANDOM}", Kind.TEMPORARY, "sed"),
    Signature(r"(?P<of>.+)\.(?:part|crdownload|partial|download)", Kind.TEMPORARY, "a download"),
    Signature(r"(?P<of>.+)\.(?:tmp|TMP|temp)(?:[._-][A-Za-z0-9_-]{1,32})?", Kind.TEMPORARY, "a program"),
    Signature(rf"\.(?P<of>.+)\.{_RANDOM}", Kind.TEMPORARY, "rsync"),
    Signature(rf"(?:tmp|\.tmp){_RANDOM}", Kind.TEMPORARY, "a program"),
)

# Folders whose content belongs to a program that cleans up after itself.
UNMEANT_FOLDERS = frozenset({".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__"})

# One alternation decides "no" for nearly every name at once: a million names are looked at in a scan.
_ANY = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", one.pattern) for one in SIGNATURES), re.DOTALL)
_EACH = tuple((re.compile(one.pattern, re.DOTALL), one) for one in SIGNATURES)


def match(name: str) -> tuple[Signature, str] | None:
    """Return what kind of leftover has such a name, and the original's name ("" when the name does not tell)."""
    if _ANY.fullmatch(name) is None:
        return None
    for pattern, signature in _EACH:
        found = pattern.fullmatch(name)
        if found is not None:
            parts = found.groupdict()
            return signature, (parts.get("of") or "") + (parts.get("of_ending") or "")
    raise AssertionError(name)
