"""Is a state that a real disk was found in after a power cut one that the strong model allows?

The calls of a real batch are done again on simulated disks, and a way is searched in which what was pending then explains
what was found: an age of each disk's log of names whose names are the real ones, and for each file a cut of its writes.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.fs.api import FileSystem, Kind
from tests.support.simulated.effects import Data
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Inode, Picture
from tests.support.simulated.profiles import STRONG, Meta
from tests.support.simulated.states import Cut, Pending, build, splice
from tests.support.stopping import MUTATING, StoppingFileSystem

_GIVING = frozenset({"create", "open", "open_folder", "open_subfolder"})  # verbs that give a handle
_RECORDED = MUTATING | _GIVING | {"close", "read", "seek"}
_READ_ONLY = frozenset({"close", "read"})


@dataclass(frozen=True)
class Call:
    """One verb of a real batch, with the handle that it gave."""

    verb: str
    arguments: tuple[object, ...]
    options: dict[str, object]
    handle: int | None


class RecordingFileSystem(StoppingFileSystem):
    """The real file system; each call is written to `log` as soon as it has been done."""

    def __init__(self, at: int, action: Callable[[FileSystem, str, tuple[object, ...]], None], log: BinaryIO) -> None:
        super().__init__(at, action)
        self._log = log

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in _RECORDED:
            return method

        def recorded(*arguments: object, **options: object) -> object:
            result = method(*arguments, **options)
            call = Call(verb, arguments, options, result if isinstance(result, int) and verb in _GIVING else None)
            self._log.write(pickle.dumps(call))
            self._log.flush()
            return result

        return recorded


def recorded(log: Path) -> Iterator[Call]:
    """Yield the calls that were done."""
    with open(log, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        while file.tell() < size:
            yield pickle.load(file)


def real_image(folder: Path, mount: str) -> Image:
    """Return a real folder as the image of a disk that is mounted at the path `mount`."""
    image = Image.empty()
    above = ""
    for part in mount.strip("/").split("/"):
        above = f"{above}/{part}"
        image.add(above, Inode(Kind.FOLDER, 0, 0o755, 0))
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        mode = info.st_mode & 0o7777
        where = f"{mount}/{path.relative_to(folder)}"
        if path.is_symlink():
            image.add(where, Inode(Kind.SYMLINK, 0, mode, 0, str(path.readlink()).encode()))
        elif path.is_dir():
            image.add(where, Inode(Kind.FOLDER, 0, mode, 0))
        else:
            image.add(where, Inode(Kind.FILE, 0, mode, 0, path.read_bytes()))
    return image


def replay(start: Image, calls: Sequence[Call]) -> SimulatedFileSystem:
    """Do real calls again on simulated disks."""
    fs = SimulatedFileSystem(start, STRONG)
    handles: dict[int, int] = {}
    for call in calls:
        arguments = list(call.arguments)
        for position in _handles_of(call.verb):
            arguments[position] = handles.get(arguments[position], -1)  # type: ignore[call-overload]
        if call.verb in _READ_ONLY and arguments[0] == -1:
            continue
        result = getattr(fs, call.verb)(*arguments, **call.options)
        if call.handle is not None:
            handles[call.handle] = result
    return fs


def _handles_of(verb: str) -> tuple[int, ...]:
    if verb in ("open_folder", "resolve"):
        return ()
    if verb in ("rename", "link"):
        return (0, 2)
    return (0, 1) if verb in ("copy_content", "copy_metadata") else (0,)


def explanation(fs: SimulatedFileSystem, path: str, found: Picture) -> str | None:
    """Say how the model explains what was found below a path after a power cut; None where it cannot."""
    meta: list[Meta] = [one for one in fs.storage.pending if not isinstance(one, Data)]
    data: Pending = {}
    for one in fs.storage.pending:
        if isinstance(one, Data):
            data.setdefault(one.ino, []).append(one)
    for length in range(len(meta), -1, -1):
        image = build(fs.storage.durable, meta[:length], data, {})
        if _agrees(image, path, data, found):
            return f"{length} of {len(meta)} changes of names"
    return None


def _agrees(image: Image, path: str, data: Pending, found: Picture) -> bool:
    numbers = dict(image.walk(image.find(path)))
    if numbers.keys() != found.keys():
        return False
    for where, number in numbers.items():
        inode = image.inodes[number]
        kind, mode, content = found[where]
        if (kind, mode) != (inode.kind.value, inode.mode):
            return False
        if inode.kind is not Kind.FOLDER and not _is_explained(image, number, data.get(number, []), content):
            return False
    return True


def _is_explained(image: Image, number: int, writes: Sequence[Data], content: object) -> bool:
    """Whether some cut through a file's pending writes leaves just this content."""
    for cut in _cuts(writes):
        trial = Image({number: image.inodes[number]}, {})
        splice(trial, writes, cut)
        if trial.inodes[number].data == content:
            return True
    return False


def _cuts(writes: Sequence[Data]) -> Iterator[Cut]:
    for whole in range(len(writes), -1, -1):
        yield Cut(whole)
        if whole < len(writes):
            yield Cut(whole, zeros=True)
            yield from (Cut(whole, part) for part in range(1, len(writes[whole].data)))
