"""What a trial left: nothing to say against it, or in which way it is neither before nor after."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.support.tree import Snapshot


class Verdict(StrEnum):
    """From the best to the worst."""

    FINE = "fine"
    LEFT_OVER = "left over"
    MIXED = "mixed"
    DAMAGED = "damaged"
    LOST = "lost"


MEANING = {
    Verdict.LEFT_OVER: "every file is right, and files lie about that belong to nobody",
    Verdict.MIXED: "some files are new and some old, each whole",
    Verdict.DAMAGED: "a file is empty, torn or gone that was there before and should be there after, or a hard link of it is",
    Verdict.LOST: "exit 0, and the change is not there; or what another program saved meanwhile is nowhere",
}


@dataclass(frozen=True)
class Ends:
    """The two trees that are right."""

    before: Snapshot
    after: Snapshot


def judge(found: Snapshot, ends: Ends, *, succeeded: bool) -> Verdict:
    """Compare a tree with both ends; after exit 0 only one of them is right."""
    before, after = ends.before, ends.after
    if found == after:
        return Verdict.FINE
    if found == before:
        return Verdict.LOST if succeeded else Verdict.FINE
    expected = before.keys() | after.keys()
    if any(found.get(path) not in (before.get(path), after.get(path)) for path in expected):
        return Verdict.DAMAGED
    rest = {path: what for path, what in found.items() if path in expected}
    return Verdict.LEFT_OVER if rest in (before, after) else Verdict.MIXED


def judge_with_save(found: Snapshot, ends: Ends, path: str, text: str, *, succeeded: bool) -> Verdict:
    """Judge where another program has saved `text` under `path` meanwhile: it must be in sight, under whatever name."""
    name, digest = os.fsencode(path), hashlib.sha256(text.encode()).hexdigest()
    saved = {one for one, what in found.items() if what[-1] == digest}
    if not any(not os.path.basename(one).startswith(b".") for one in saved):
        return Verdict.LOST
    excused = saved | {name}
    if not succeeded:  # it has said so, and kept both versions of that file in sight
        excused |= set(_versions_in_sight(found, ends, name))
    rest = {one: what for one, what in found.items() if one not in excused}
    others = Ends(
        *({one: what for one, what in tree.items() if one not in excused} for tree in (ends.before, ends.after))
    )
    return judge(rest, others, succeeded=succeeded)


def _versions_in_sight(found: Snapshot, ends: Ends, name: bytes) -> Iterator[bytes]:
    versions = {tree[name] for tree in (ends.before, ends.after) if name in tree}
    for one in found.keys() - ends.before.keys() - ends.after.keys():
        if found[one] in versions and not os.path.basename(one).startswith(b"."):
            yield one
