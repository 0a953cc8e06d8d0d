"""What one leftover is: its name tells the kind, the disk tells the rest."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from core import names
from core.fs import walk
from core.fs.walk import Look
from core.leftovers import catalogue
from core.leftovers.catalogue import Family, Kind, Match
from core.leftovers.judge import Advice, Batch, Facts, Original, Reason, judge
from core.leftovers.own import OwnBatches

COMPARED_AT_MOST = 64 << 20


@dataclass(frozen=True, slots=True)
class Leftover:
    """One leftover, as it was when it was looked at.

    Size in bytes, `mtime` in seconds since 1970. `original`: the file that it is a version of (for our side files: that
    they stand for), "" where nothing tells, or where its content is no version of anything. `same`: None where there
    is nothing to compare it with, or that cannot be done. `txn`: the batch of one of our own.
    `due`: when to judge again, in seconds since 1970; 0 when time changes nothing.
    """

    path: str
    kind: Kind
    made_by: str
    size: int
    mtime: float
    ino: int
    original: str
    same: bool | None
    txn: str
    advice: Advice
    reason: Reason
    due: float = field(default=0.0, compare=False)


class Identifier:
    """Identifies leftovers, with `own` for what is ours."""

    def __init__(self, own: OwnBatches) -> None:
        self._own = own

    def runs(self, txn: str) -> bool:
        """Whether a batch is under way."""
        return self._own.batch(txn) is Batch.RUNS

    def identify(self, folder: str, name: str) -> Leftover | None:
        """Look at a name; None when it is no leftover (any more), or one that is not to be shown."""
        match = catalogue.match(name)
        if match is None or match.signature.family is Family.PROTECTED:
            return None
        path = walk.join(folder, name)
        seen = walk.look(path)
        if seen is None or seen.kind in ("folder", "special"):
            return None
        if match.signature.family is Family.SIDE:
            return self._side(path, name, seen, match)
        return self._version(folder, path, name, seen, match)

    def _side(self, path: str, name: str, seen: Look, match: Match) -> Leftover:
        side = names.parse_side(name)
        assert side is not None
        txn, number = side
        batch = self._own.batch(txn)
        original = self._own.target(txn, number) if batch is Batch.INTERRUPTED else ""
        facts = Facts(Family.SIDE, is_plain=seen.kind == "file", size=seen.size, age=_age(seen), batch=batch)
        return _leftover(path, seen, match, facts, original, txn)

    def _version(self, folder: str, path: str, name: str, seen: Look, match: Match) -> Leftover:
        family = match.signature.family
        original, beside = _original(folder, match)
        is_plain = seen.kind == "file" and seen.links == 1 and seen.mine
        known, same = Original.UNTOLD, None
        if original:
            known = _standing(beside)
            if known is Original.THERE and seen.kind == "file" and family.is_version:
                same = walk.same_content(path, original, at_most=COMPARED_AT_MOST)
        facts = Facts(
            family,
            is_plain=is_plain,
            size=seen.size,
            age=_age(seen),
            original=known,
            original_size=beside.size if beside is not None else 0,
            same=same,
            newer_by=seen.mtime - beside.mtime if beside is not None else 0.0,
        )
        kept = names.parse_visible(name)
        shown = original if family.is_version and known is not Original.OTHER else ""
        return _leftover(path, seen, match, facts, shown, kept[0] if kept else "")


def _leftover(path: str, seen: Look, match: Match, facts: Facts, original: str, txn: str) -> Leftover:
    row = judge(facts)
    return Leftover(
        path,
        match.signature.family.kind,
        match.signature.maker,
        seen.size,
        seen.mtime,
        seen.ino,
        original,
        facts.same,
        txn,
        row.advice,
        row.reason,
        time.time() - facts.age + row.until if row.until else 0.0,
    )


def _age(seen: Look) -> float:
    """Seconds since anything changed; what lies in the future is new."""
    return max(0.0, time.time() - max(seen.mtime, seen.changed))


def _original(folder: str, match: Match) -> tuple[str, Look | None]:
    """Find the original: the first candidate that is there, else the likeliest if its name is beyond doubt."""
    candidates = [walk.join(folder, name) for name in match.originals]
    for path in candidates:
        beside = walk.look(path)
        if beside is not None:
            return path, walk.look(path, follow=True) or beside
    # `cache.tmp` need not have been `cache`; but `report.txt.tmp` was `report.txt`.
    is_sure = match.signature.is_sure or any("." in name.lstrip(".") for name in match.originals[:1])
    return (candidates[0], None) if candidates and is_sure else ("", None)


def _standing(beside: Look | None) -> Original:
    if beside is None:
        return Original.MISSING
    return Original.THERE if beside.kind == "file" else Original.OTHER


def is_managed_path(path: str) -> bool:
    """Whether a path lies in a folder that a program manages, where no leftover is offered."""
    return any(catalogue.is_managed(part) for part in os.path.dirname(path).split("/"))
