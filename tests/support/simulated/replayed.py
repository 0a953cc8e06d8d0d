"""A real batch done again on simulated disks: its calls are recorded on the real ones, up to where the power goes."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.fs.api import Kind
from tests.support.machine import DisturbedFileSystem
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Inode
from tests.support.simulated.profiles import Profile
from tests.support.stopping import MUTATING

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


class RecordingFileSystem(DisturbedFileSystem):
    """The real file system, disturbed; each call is written to `log` as soon as it has been done."""

    def __init__(self, disturbances: dict[int, Callable[[], object]], log: BinaryIO) -> None:
        super().__init__(disturbances)
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


def real_image(mounts: Sequence[Path], without: Path | None = None) -> Image:
    """Return what is below real mount points as an image, in which each is a disk with its number.

    `without`: a folder that is written to past the calls of the engine.
    """
    image = Image.empty()
    for disk, mount in enumerate(mounts):
        for above in [*reversed(mount.parents[:-1]), mount]:
            if not image.find(str(above)):
                image.add(str(above), Inode(Kind.FOLDER, disk, 0o755, 0))
        for path in sorted(path for path in mount.rglob("*") if without not in (path, *path.parents)):
            image.add(str(path), _real_inode(path, disk))
    return image


def _real_inode(path: Path, disk: int) -> Inode:
    mode = path.lstat().st_mode & 0o7777
    if path.is_symlink():
        return Inode(Kind.SYMLINK, disk, mode, 0, str(path.readlink()).encode())
    if path.is_dir():
        return Inode(Kind.FOLDER, disk, mode, 0)
    return Inode(Kind.FILE, disk, mode, 0, path.read_bytes())


def replay(start: Image, profile: Profile, calls: Iterable[Call]) -> SimulatedFileSystem:
    """Do real calls again on simulated disks."""
    fs = SimulatedFileSystem(start, profile)
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
    return (0, 1) if verb in ("copy_content", "copy_metadata", "copy_range") else (0,)
