"""What one leftover is: its name tells the kind, the disk tells the rest."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core import names
from core.fs import walk
from core.leftovers import catalogue
from core.leftovers.catalogue import Kind
from core.leftovers.judge import Advice, Batch, Facts, Reason, judge

COMPARED_AT_MOST = 64 << 20
_ASK_AGAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Leftover:
    """One leftover, as it was when it was looked at.

    Size in bytes, `mtime` in seconds since 1970. `original` is "" where the name does not tell; `same` is None where
    there is nothing to compare it with, or that cannot be done. `txn` names the batch of one of our own remains.
    """

    path: str
    kind: Kind
    made_by: str
    size: int
    mtime: float
    original: str
    same: bool | None
    txn: str
    advice: Advice
    reason: Reason


class Identifier:
    """Identifies leftovers. `pending` tells which batches are unresolved, and whether each still runs."""

    def __init__(self, pending: Callable[[], Iterable[tuple[str, bool]]]) -> None:
        self._ask = pending
        self._pending: dict[str, bool] = {}
        self._asked = -math.inf

    def identify(self, path: str) -> Leftover | None:
        """Look at a path; None when it is no leftover (any more), or in use by a batch that runs."""
        folder, name = os.path.split(path)
        found = catalogue.match(name)
        seen = walk.look(path) if found is not None else None
        if found is None or seen is None or seen.kind == "folder":
            return None
        signature, of = found
        original = f"{folder.rstrip('/')}/{of}" if of else ""
        beside = walk.look(original) if original else None
        is_there = beside is not None and beside.kind == "file"
        if signature.kind is Kind.PROTECTED and original and not is_there:
            return None  # only its name is like that of what belongs to a database
        same = None
        if beside is not None and is_there and seen.kind == "file":
            same = self._compare(path, seen, original, beside)
        txn, batch = self._batch(name)
        if batch is None:
            return None
        facts = Facts(
            signature.kind,
            is_plain=seen.kind == "file",
            size=seen.size,
            age=max(0.0, time.time() - seen.mtime),
            original=bool(original),
            there=is_there,
            same=same,
            newer_by=seen.mtime - beside.mtime if beside is not None else 0.0,
            batch=batch,
        )
        advice, reason = judge(facts)
        return Leftover(
            path, signature.kind, signature.maker, seen.size, seen.mtime, original, same, txn, advice, reason
        )

    def _compare(self, path: str, seen: walk.Look, original: str, beside: walk.Look) -> bool | None:
        if seen.size != beside.size:
            return False
        return walk.same_content(path, original, at_most=COMPARED_AT_MOST)

    def _batch(self, name: str) -> tuple[str, Batch | None]:
        """Return which batch one of our own remains belongs to, and what is known of that; None when it runs."""
        side = names.parse_side(name)
        if side is None:
            return "", Batch.NONE
        if time.monotonic() - self._asked > _ASK_AGAIN_SECONDS:
            self._pending = dict(self._ask())
            self._asked = time.monotonic()
        runs = self._pending.get(side[0])
        if runs:
            return side[0], None
        return side[0], Batch.UNKNOWN if runs is None else Batch.INTERRUPTED
