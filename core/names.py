"""How our files are named: the only module that knows.

A *side file* lies beside the file it stands in for and has one neutral name: short, so that it fits wherever the
target fits; never made from the target's name; and without an ending that cleaners delete by, because after an
exchange it is the only original. A *visible* name is what a file gets that could not be put back, for the user to find.
An *attic* outside the state directory has one name for each user, wherever it lies. In it each transaction has a folder,
in which its pre-images keep their side names.
"""

from __future__ import annotations

import os
import re
import secrets

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_TXN_LENGTH = 10
SIDE = re.compile(r"\.~hf-([a-z2-7]{10})-(\d{1,9})(b?)", re.ASCII)
VISIBLE = re.compile(r"(.+) \(kept by Holdfast ([a-z2-7]{10})(?: \d+)?\)(\.[^.]+)?", re.DOTALL)
OWN_ATTIC = "attic"  # in the state directory
OWN_ASIDE = "aside"  # there, too: for side files of what lies where none can be made
_ATTIC = re.compile(r"\.holdfast-attic-\d+|attic", re.ASCII)
_TXN = re.compile(r"[a-z2-7]{10}", re.ASCII)
_OURS = re.compile(r"\.holdfast-attic-\d+|\.~hf-[a-z2-7]{10}(-\d{1,9}b?)?", re.ASCII)
_INSIDE = re.compile(r"/(?:\.holdfast-attic-\d+|\.~hf-[a-z2-7]{10})/", re.ASCII)
_HOLDING = re.compile(r"\.~hf-([a-z2-7]{10})", re.ASCII)
_LAST_SIDE = 999_999_999
_NAME_MAX = 255


def new_txn() -> str:
    """Return a fresh transaction id: 50 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_TXN_LENGTH))


def is_txn(text: str) -> bool:
    """Whether `text` has the form of a transaction id."""
    return _TXN.fullmatch(text) is not None


def side(txn: str, number: int, *, old: bool = False) -> str:
    """Return the side name with that number; `old` for the second one, where an edit goes by link and rename."""
    return f".~hf-{txn}-{number}{'b' if old else ''}"


def parse_side(name: str) -> tuple[str, int] | None:
    """Return (transaction id, number) of a side name, or None when it is not one of ours."""
    found = SIDE.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def proof(txn: str, attic: int) -> str:
    """Return the side name of the folder that proves that an attic can be reached; no step's side number is so high."""
    return side(txn, _LAST_SIDE - attic)


def attic(user: int) -> str:
    """Return the name of a user's attic outside the state directory."""
    return f".holdfast-attic-{user}"


def is_attic(name: str) -> bool:
    """Whether a name is that of an attic, in the state directory or outside it."""
    return _ATTIC.fullmatch(name) is not None


def holding(txn: str) -> str:
    """Return the name of a transaction's folder in an attic."""
    return f".~hf-{txn}"


def parse_holding(name: str) -> str:
    """Return the transaction whose folder in an attic has that name, "" when it is none."""
    found = _HOLDING.fullmatch(name)
    return found[1] if found else ""


def is_ours(name: str) -> bool:
    """Whether a name is a side file's, or a folder's with pre-images: no search and no scan looks at those, or into them."""
    return name.startswith(".") and _OURS.fullmatch(name) is not None


def is_held(path: str) -> bool:
    """Whether a path leads into an attic outside the state directory, or into a batch's folder in one."""
    return _INSIDE.search(path) is not None


def visible(name: str, txn: str, attempt: int) -> str:
    """Return the name under which a version of `name` is kept in sight; at most 255 bytes, `attempt` counts from 1."""
    stem, ending = os.path.splitext(name)
    mark = f" (kept by Holdfast {txn}{'' if attempt == 1 else f' {attempt}'})"
    if len(os.fsencode(ending)) > 32:
        stem, ending = name, ""
    while len(os.fsencode(stem + mark + ending)) > _NAME_MAX:
        stem = stem[:-1]
    return stem + mark + ending


def parse_visible(name: str) -> tuple[str, str] | None:
    """Return (transaction id, name of the file it is a version of) of a visible name, None when it is not one of ours.

    The file's name is "" where it had to be cut to fit: then nobody can tell it from the visible one.
    """
    found = VISIBLE.fullmatch(name)
    if found is None:
        return None
    is_whole = len(os.fsencode(name)) < _NAME_MAX
    return found[2], found[1] + (found[3] or "") if is_whole else ""
