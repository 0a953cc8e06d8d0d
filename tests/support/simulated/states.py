"""The states in which a power cut may leave simulated disks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tests.support.simulated.effects import Attributes, Data, Effect, Names
from tests.support.simulated.image import Image
from tests.support.simulated.profiles import Meta
from tests.support.simulated.storage import Storage


class Cut(NamedTuple):
    """How much of a file's pending data has lasted: so many whole writes, and bytes of the next.

    `zeros`: how many writes from there on are there by their size alone. A disk may keep a file's new size with its
    names, while the content of all that was appended to its last block waits.
    """

    whole: int
    part: int = 0
    zeros: int = 0


Cuts = dict[int, Cut]
Pending = dict[int, list[Data]]


def crash_states(storage: Storage, newest: Effect | None, is_torn: Callable[[int], bool]) -> Iterator[Image]:
    """Yield what a power cut can leave now; with `newest` only what it adds to what could be left before it.

    `is_torn` tells for which files every single byte is a place to tear the newest write at; elsewhere a write is
    absent, there by its size alone, half there, or whole.
    """
    meta = [one for one in storage.pending if not isinstance(one, Data)]
    data: Pending = {}
    for one in storage.pending:
        if isinstance(one, Data):
            data.setdefault(one.ino, []).append(one)
    if isinstance(newest, Data):
        namings: Sequence[Sequence[Meta]] = [[], meta, meta[: len(meta) // 2]] if meta else [[]]
        for naming in map(_with_needs, namings):
            for cuts in _cuts_of(newest, data, is_torn):
                yield build(storage.durable, naming, data, cuts)
        return
    for naming in storage.profile.namings(meta, newest):
        for cuts in _coarse(data):
            yield build(storage.durable, naming, data, cuts)


def build(durable: Image, naming: Sequence[Meta], data: Pending, cuts: Cuts) -> Image:
    """Return what is durable, with these names and attributes and so much of the data."""
    image = durable.copy()
    for ino, cut in cuts.items():
        splice(image, data[ino], cut)
    for effect in naming:
        effect.on(image)
    return image


def splice(image: Image, writes: Sequence[Data], cut: Cut) -> None:
    """Do as much of a file's pending writes as the cut says."""
    for one in writes[: cut.whole]:
        one.on(image)
    for one in writes[cut.whole : cut.whole + cut.zeros]:
        one.on(image, zeros=True)
    if cut.part:
        writes[cut.whole].on(image, cut.part)


def _with_needs(naming: Sequence[Meta]) -> Sequence[Meta]:
    """Leave out what cannot last without something that is not there."""
    kept: set[Names | Attributes] = set()
    for one in naming:
        if isinstance(one, Attributes) or all(need in kept or need not in naming for need in one.needs):
            kept.add(one)
    return [one for one in naming if one in kept]


def _coarse(data: Pending) -> Iterator[Cuts]:
    """Yield: nothing of any file's data, all of it, half, sizes without data, and each file alone against the others."""
    nothing = {ino: Cut(0) for ino in data}
    yield nothing
    if not data:
        return
    everything = {ino: Cut(len(writes)) for ino, writes in data.items()}
    yield everything
    yield {ino: _half(writes) for ino, writes in data.items()}
    for zeros in sorted({1, max(map(len, data.values()))}):
        yield {ino: Cut(0, zeros=zeros) for ino in data}
    if len(data) > 1:
        for ino in data:
            yield nothing | {ino: everything[ino]}
            yield everything | {ino: Cut(0)}


def _half(writes: Sequence[Data]) -> Cut:
    last = len(writes) - 1
    return Cut(last, len(writes[last].data) // 2)


def _cuts_of(newest: Data, data: Pending, is_torn: Callable[[int], bool]) -> Iterator[Cuts]:
    """Yield the cuts through the newest write, with nothing and with all of the other files' data."""
    writes = data[newest.ino]
    last, size = len(writes) - 1, len(newest.data)
    parts = range(1, size) if is_torn(newest.ino) else sorted({1, size // 2, size - 1} & set(range(1, size)))
    sizes = [Cut(whole, zeros=last + 1 - whole) for whole in sorted({0, last})]
    cuts = [Cut(last + 1), *sizes, *(Cut(last, part) for part in parts)]
    nothing = {ino: Cut(0) for ino in data}
    everything = {ino: Cut(len(ops)) for ino, ops in data.items()}
    for cut in cuts:
        yield nothing | {newest.ino: cut}
        if len(data) > 1:
            yield everything | {newest.ino: cut}
