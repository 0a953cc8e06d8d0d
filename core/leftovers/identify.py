"""What one leftover is: its name tells what it may be, its content which of these, and the disk tells the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core import names
from core.fs import places, walk
from core.fs.walk import Look
from core.leftovers import catalogue, proof
from core.leftovers.catalogue import Class, Family, Kind, Managed, Match
from core.leftovers.judge import IN_FLIGHT, Advice, Batch, Facts, Original, Reason, judge
from core.leftovers.own import OwnBatches
from core.leftovers.owner import NOBODY, Owners
from core.leftovers.proof import Content

COMPARED_AT_MOST = 64 << 20


@dataclass(frozen=True, slots=True)
class Leftover:
    """One leftover, as it was when it was looked at.

    Size in bytes, `mtime` and `changed` in seconds since 1970: with `ino` they are the identity that is acted on.
    `original`: the file that it is a version of (for our side files: that they stand for), "" where nothing tells, or
    where its content is no version of anything. `same`: None where there is nothing to compare it with, or that cannot
    be done. `txn`: the batch of one of our own. `due`: when to judge again, in seconds since 1970; 0 when time changes
    nothing. `meaning`: what its kind is; `number` is that of the kind, `row` that of the table. `who`: the program that
    has it open, or whom it names.
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
    changed: float = 0.0
    meaning: str = ""
    number: int = 0
    row: str = ""
    who: str = ""

    @property
    def preselected(self) -> bool:
        """Whether it may be cleared without being chosen by a person."""
        return self.advice is Advice.CLEAR


class _Found(NamedTuple):
    """What a name turned out to be, and what was read to find out."""

    match: Match
    original: str
    beside: Look | None
    head: bytes


class Identifier:
    """Identifies leftovers, with `own` for what is ours.

    `protected`: whether what is never to be touched is told, too. `hides` says what a person wants to hear no more of;
    once `decided` returns another value, it may say something else.
    """

    def __init__(
        self,
        own: OwnBatches,
        *,
        protected: bool = False,
        hides: Callable[[Leftover], bool] = lambda leftover: False,
        decided: Callable[[], object] = lambda: None,
    ) -> None:
        self._own = own
        self._owners = Owners()
        self._hides = hides
        self.decided = decided
        self.tells_protected = protected

    def runs(self, txn: str) -> bool:
        """Whether a batch is under way."""
        return self._own.batch(txn) is Batch.RUNS

    def identify(self, folder: str, name: str) -> Leftover | None:
        """Look at a name; None when it is no leftover (any more), or one that is not to be shown."""
        found = self._identify(folder, name)
        return None if found is None or self._hides(found) else found

    def _identify(self, folder: str, name: str) -> Leftover | None:
        if not (matches := catalogue.matches(name)):
            return None
        path = walk.join(folder, name)
        seen = walk.look(path)
        if seen is None or seen.kind in ("folder", "special"):
            return None
        found = _prove(folder, path, seen, matches)
        if found is None or (found.match.signature.family is Family.PROTECTED and not self.tells_protected):
            return None
        if found.match.signature.family is Family.SIDE:
            return self._side(path, name, seen, found.match)
        return self._version(folder, path, name, seen, found)

    def managed(self, path: str, managed: Managed) -> Leftover | None:
        """Return a folder that a program manages, as one leftover for all that is in it; None when that is not told."""
        seen = walk.look(path) if self.tells_protected else None
        if seen is None:
            return None
        row = judge(Facts(Family.MANAGED, is_plain=True, size=0, age=_age(seen)))
        return Leftover(
            path, Kind.TEMPORARY, managed.by, 0, seen.mtime, seen.ino, "", None, "", Advice.PROTECTED, row.reason,
            changed=seen.changed, meaning=managed.what, number=managed.number, row=row.name,
        )  # fmt: skip

    def _side(self, path: str, name: str, seen: Look, match: Match) -> Leftover:
        side = names.parse_side(name)
        assert side is not None
        txn, number = side
        batch = self._own.batch(txn)
        if batch is Batch.FINISHED and not self._own.is_as_written(txn, number, path):
            batch = Batch.CHANGED
        original = self._own.target(txn, number) if batch is Batch.INTERRUPTED else ""
        facts = Facts(
            Family.SIDE,
            is_plain=_is_plain(seen, match),
            size=seen.size,
            age=_age(seen),
            grade=Class.SAFE,
            batch=batch,
        )
        return _leftover(path, seen, match, facts, original, txn=txn)

    def _version(self, folder: str, path: str, name: str, seen: Look, found: _Found) -> Leftover:
        signature, beside = found.match.signature, found.beside
        family = signature.family
        known, same, twin = Original.UNTOLD, None, ""
        if found.original:
            known = _standing(beside)
            if known is Original.THERE and seen.kind == "file" and family.is_version:
                same = walk.same_content(path, found.original, at_most=COMPARED_AT_MOST)
        elif family is Family.IN_FLIGHT and seen.size and seen.kind == "file" and _age(seen) >= IN_FLIGHT:
            twin = walk.twin(folder, name, seen.size, at_most=COMPARED_AT_MOST)
        is_plain = _is_plain(seen, found.match)
        whose = self._owners.of(path, seen, found.match, found.head) if is_plain else NOBODY
        swap = proof.swap(found.head) if family is Family.SWAP else None
        facts = Facts(
            family,
            is_plain=is_plain,
            size=seen.size,
            age=_age(seen),
            grade=signature.grade,
            owner=whose.owner,
            original=known,
            original_size=beside.size if beside is not None else 0,
            same=same,
            newer_by=seen.mtime - beside.mtime if beside is not None else 0.0,
            is_dirty=swap is None or swap.is_dirty,
            twin=bool(twin),
        )
        kept = names.parse_visible(name)
        shown = found.original if family.is_version and known is not Original.OTHER else ""
        return _leftover(path, seen, found.match, facts, shown, txn=kept[0] if kept else "", who=whose.who)


def what(path: str) -> Match | None:
    """Return what a file is by name and content; None when it is no leftover, or nothing is there."""
    folder, _, name = path.rpartition("/")
    seen = walk.look(path)
    matches = catalogue.matches(name)
    found = _prove(folder or "/", path, seen, matches) if seen is not None and matches else None
    return found.match if found is not None else None


def _leftover(path: str, seen: Look, match: Match, facts: Facts, original: str, *, txn: str, who: str = "") -> Leftover:
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
        seen.changed,
        match.signature.meaning,
        match.signature.number,
        row.name,
        who,
    )


def _prove(folder: str, path: str, seen: Look, matches: Sequence[Match]) -> _Found | None:
    """Return the first of what a name may be that the content, and the file it is said to belong to, bear out."""
    head = None
    for match in matches:
        if match.signature.proof and head is None:
            head = walk.head(path) if seen.kind == "file" else b""
        wanted = match.signature.proof
        if wanted and not proof.PROOFS[wanted](_content(folder, path, seen, head or b"")):
            continue
        original, beside = _original(folder, match, head or b"")
        # Where the name alone says too little, there must be a file that it is about.
        if match.signature.original != "beside" or beside is not None:
            return _Found(match, original, beside, head or b"")
    return None


def _content(folder: str, path: str, seen: Look, head: bytes) -> Content:
    link = walk.link_text(path) if seen.kind == "symlink" else None
    is_temporary = any(folder == top or folder.startswith(f"{top}/") for top in places.temporary_folders())
    is_alone = path.endswith(".trashinfo") and walk.look(_trashed(folder, path)) is None
    return Content(head, seen.size, link, is_temporary, is_alone)


def _trashed(folder: str, path: str) -> str:
    return f"{folder.rpartition('/')[0]}/files/{path.rpartition('/')[2].removesuffix('.trashinfo')}"


def _is_plain(seen: Look, match: Match) -> bool:
    is_lock = match.signature.family is Family.LOCK
    return (seen.kind == "file" or (is_lock and seen.kind == "symlink")) and seen.links == 1 and seen.mine


def _age(seen: Look) -> float:
    """Seconds since anything changed; what lies in the future is new."""
    return max(0.0, time.time() - max(seen.mtime, seen.changed))


def _original(folder: str, match: Match, head: bytes) -> tuple[str, Look | None]:
    """Find the original: the first candidate that is there, else the likeliest if its name is beyond doubt."""
    candidates = [walk.join(folder, name) for name in match.originals]
    swap = proof.swap(head) if match.signature.original == "vim" else None
    if swap is not None and swap.name.startswith("/"):
        candidates.insert(0, swap.name)
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
