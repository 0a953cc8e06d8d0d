"""Is a state that a real disk was found in after a power cut one that the model allows? Searched for, not sampled.

What was found names the files by their paths. From the top down, each name is given every past that agrees with it: the
change of it that was the last to last, with all that this one needs, and with none of those after it. Where a name
agrees, so must the file behind it: its mode by a past of its own, its content by a cut through its pending writes. The
search goes back where two names want the same change both kept and lost; it ends without an explanation only after every
past of every name was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.fs.api import Kind
from tests.support.simulated.effects import Attributes, Data, Names
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Picture
from tests.support.simulated.profiles import Meta
from tests.support.simulated.states import Cut, splice

Parting = tuple[frozenset[Meta], frozenset[Meta]]  # the changes that have lasted, and those that have not
Folders = tuple[tuple[int, str], ...]  # the inodes of folders that are yet to be looked into, and their paths


def explanation(fs: SimulatedFileSystem, path: str, found: Picture) -> str | None:
    """Say how the model explains what was found below a path after a power cut; None where it cannot.

    The path is a whole disk's. With the paths of all disks in turn, what is found on each is explained.
    """
    search = _Search.on(fs, path, found)
    top = fs.storage.durable.find(path)
    kept = next(search.below(((top, ""),), (frozenset(), frozenset())), None)
    if kept is None:
        return None
    return f"{len(kept[0])} of {len(search.after)} pending changes of names and modes are needed"


@dataclass
class _Search:
    """`bases` and `after`: what lasts wherever a change has, and what is lost wherever it is."""

    durable: Image
    found: Picture
    data: dict[int, list[Data]]
    names: dict[tuple[int, str], list[Meta]] = field(default_factory=dict)
    modes: dict[int, list[Meta]] = field(default_factory=dict)
    bases: dict[Meta, frozenset[Meta]] = field(default_factory=dict)
    after: dict[Meta, frozenset[Meta]] = field(default_factory=dict)

    @classmethod
    def on(cls, fs: SimulatedFileSystem, path: str, found: Picture) -> _Search:
        """Sort what is pending on the disk that has this path."""
        storage = fs.storage
        disk = storage.durable.inodes[storage.durable.find(path)].disk
        data: dict[int, list[Data]] = {}
        meta: list[Meta] = []
        for one in storage.pending:
            if isinstance(one, Data):
                data.setdefault(one.ino, []).append(one)
            elif one.disk == disk:
                meta.append(one)
        search = cls(storage.durable, found, data)
        for one in meta:
            search.bases[one] = frozenset(storage.profile.bases(meta, one))
            if isinstance(one, Attributes):
                search.modes.setdefault(one.ino, []).append(one)
            else:
                for entry in one.entries:
                    search.names.setdefault((entry.folder, entry.name), []).append(one)
        search.after = {one: frozenset(other for other in meta if one in search.bases[other]) for one in meta}
        return search

    def below(self, folders: Folders, parting: Parting) -> Iterator[Parting]:
        """Yield every parting that explains what was found in these folders, and below them."""
        if not folders:
            yield parting
            return
        (number, path), rest = folders[0], folders[1:]
        names = set(self.durable.names[number]) | {name for folder, name in self.names if folder == number}
        inside = {one.rpartition("/")[2] for one in self.found if one.rpartition("/")[0] == path}
        if inside <= names:
            yield from self._named(number, path, sorted(names), rest, parting)

    def _named(
        self, folder: int, path: str, names: Sequence[str], rest: Folders, parting: Parting
    ) -> Iterator[Parting]:
        if not names:
            yield from self.below(rest, parting)
            return
        where = f"{path}/{names[0]}" if path else names[0]
        for number, named in self._pasts(folder, names[0], parting):
            if not number:
                if where not in self.found:
                    yield from self._named(folder, path, names[1:], rest, named)
            elif where in self.found and self._has_content(number, where):
                more = ((number, where),) if number in self.durable.names else ()
                for fitting in self._with_mode(number, where, named):
                    yield from self._named(folder, path, names[1:], (*rest, *more), fitting)

    def _pasts(self, folder: int, name: str, parting: Parting) -> Iterator[tuple[int, Parting]]:
        """Yield (inode or 0, parting) for every change of a name that may have been the last."""
        pending = self.names.get((folder, name), [])
        for count, past in self._partings(pending, parting):
            if not count:
                yield self.durable.names[folder].get(name, 0), past
                continue
            last = pending[count - 1]
            assert isinstance(last, Names)
            yield next(one.new for one in last.entries if (one.folder, one.name) == (folder, name)), past

    def _with_mode(self, number: int, where: str, parting: Parting) -> Iterator[Parting]:
        pending = self.modes.get(number, [])
        for count, past in self._partings(pending, parting):
            last = pending[count - 1] if count else self.durable.inodes[number]
            if last.mode == self.found[where][1]:  # type: ignore[union-attr]
                yield past

    def _partings(self, pending: Sequence[Meta], parting: Parting) -> Iterator[tuple[int, Parting]]:
        """Yield (count, parting): the last of so many has lasted, and none that came after it."""
        for count in range(len(pending), -1, -1):
            kept = parting[0] | (self.bases[pending[count - 1]] if count else frozenset())
            lost = parting[1].union(*(self.after[one] for one in pending[count:]))
            if not kept & lost:
                yield count, (kept, lost)

    def _has_content(self, number: int, where: str) -> bool:
        """Whether it is of the kind that was found, and some cut through its pending writes leaves just what was found."""
        inode = self.durable.inodes[number]
        kind, _, content = self.found[where]
        if kind != inode.kind.value:
            return False
        writes = self.data.get(number, [])
        for cut in _cuts(writes) if inode.kind is not Kind.FOLDER else ():
            trial = Image({number: inode}, {})
            splice(trial, writes, cut)
            if trial.inodes[number].data == content:
                return True
        return inode.kind is Kind.FOLDER


def _cuts(writes: Sequence[Data]) -> Iterator[Cut]:
    for whole in range(len(writes), -1, -1):
        for zeros in range(len(writes) - whole + 1):
            yield Cut(whole, zeros=zeros)
    for whole, torn in enumerate(writes):
        for part in range(1, len(torn.data)):
            for zeros in range(len(writes) - whole + 1):
                yield Cut(whole, part, zeros)
