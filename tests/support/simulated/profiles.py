"""What file systems promise about power cuts: a strong one, as ext4 and xfs keep it, and a weak one, like btrfs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Protocol

from tests.support.simulated.effects import Attributes, Data, Effect, Names, closed

Meta = Names | Attributes
_RANDOM = 12
_PAIRS_AT_MOST = 40


class Profile(Protocol):
    """How effects become durable."""

    name: str
    moves_by_halves: bool  # a move between folders may last as the added name alone

    def saved(self, pending: Sequence[Effect], disk: int, ino: int, *, whole: bool) -> set[Effect]:
        """Return what is durable after a sync of an inode, or of its whole disk."""
        ...

    def bases(self, pending: Sequence[Meta], one: Meta) -> set[Meta]:
        """Return which of the pending names and attributes have lasted wherever this one has, itself among them."""
        ...

    def namings(self, pending: Sequence[Meta], newest: Meta | None) -> Iterator[Sequence[Meta]]:
        """Yield which names and attributes may have lasted, always with the newest one where it is given."""
        ...


class Strong:
    """One ordered log of names and attributes a disk: a sync brings all of it up to the last change of what is synced.

    What has not changed since the last sync brings nothing: neither ext4 nor xfs touches its log for that.
    """

    name = "strong"
    moves_by_halves = False

    def saved(self, pending: Sequence[Effect], disk: int, ino: int, *, whole: bool) -> set[Effect]:
        """The log as far as it has to go, and the data of the file or of all files."""
        mine = [one for one in pending if one.disk == disk]
        last = max((number for number, one in enumerate(mine) if whole or one.is_about(ino)), default=-1)
        return {
            one
            for number, one in enumerate(mine)
            if (number <= last if not isinstance(one, Data) else (whole or one.ino == ino) and not one.is_doubtful)
        }

    def bases(self, pending: Sequence[Meta], one: Meta) -> set[Meta]:
        """All that is older in the log of its disk."""
        return {other for other in pending[: pending.index(one) + 1] if other.disk == one.disk}

    def namings(self, pending: Sequence[Meta], newest: Meta | None) -> Iterator[Sequence[Meta]]:
        """Every prefix of each disk's log, beside nothing and all of the other's."""
        disks = sorted({one.disk for one in pending})
        if not disks:
            yield ()
        for disk in disks:
            log = [one for one in pending if one.disk == disk]
            others = [one for one in pending if one.disk != disk]
            first = 0 if newest is None else (len(log) if newest.disk == disk else 0)
            for length in range(first, len(log) + 1):
                for beside in ([], others) if others and newest not in others else (others,):
                    yield [one for one in pending if one in log[:length] or one in beside]


class Weak:
    """Only what was synced is safe; of the rest any part may last that leaves each name and each file its history."""

    name = "weak"
    moves_by_halves = True

    def saved(self, pending: Sequence[Effect], disk: int, ino: int, *, whole: bool) -> set[Effect]:
        """A folder's own names, with what they need; a file's own data and attributes; or all of the disk."""
        mine = [one for one in pending if one.disk == disk and not (isinstance(one, Data) and one.is_doubtful)]
        if whole:
            return set(mine)
        names = closed(one for one in mine if isinstance(one, Names) and one.touches(ino))
        still = {one for one in names if one in mine}
        return still | {one for one in mine if not isinstance(one, Names) and one.ino == ino}

    def bases(self, pending: Sequence[Meta], one: Meta) -> set[Meta]:
        """What a name needs; an attribute needs nothing."""
        return set(self._complete(pending, [one]))

    def namings(self, pending: Sequence[Meta], newest: Meta | None) -> Iterator[Sequence[Meta]]:
        """Prefixes; each one alone, each one lost, pairs, and some parts by chance; all with what they need."""
        base = [newest] if newest is not None else []
        others = [one for one in pending if one is not newest]
        yield self._complete(pending, base)
        yield self._complete(pending, pending)
        for end in range(1, len(others)):
            yield self._complete(pending, [*others[:end], *base])
        for one in others:
            yield self._complete(pending, [one, *base])
            yield self._without(pending, [one])
        if len(others) <= _PAIRS_AT_MOST:
            for two in combinations(others, 2):
                yield self._complete(pending, [*two, *base])
                yield self._without(pending, two)
        rng = random.Random(len(pending))
        for _ in range(_RANDOM if len(others) > 2 else 0):
            yield self._complete(pending, [*(one for one in others if rng.random() < 0.5), *base])

    def _complete(self, pending: Sequence[Meta], chosen: Sequence[Meta]) -> list[Meta]:
        names = closed(one for one in chosen if isinstance(one, Names))
        return [one for one in pending if one in names or (isinstance(one, Attributes) and one in chosen)]

    def _without(self, pending: Sequence[Meta], lost: Sequence[Meta]) -> list[Meta]:
        kept: list[Meta] = []
        gone = set(lost)
        for one in pending:
            if one in gone or (isinstance(one, Names) and any(need in gone for need in one.needs)):
                gone.add(one)
            else:
                kept.append(one)
        return kept


STRONG: Profile = Strong()
WEAK: Profile = Weak()
