"""The file systems that must fulfil the contract: one line each."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.fs.api import FileSystem, Kind
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from tests.support.failing import FailingFileSystem, ForeignHand
from tests.support.order import Notes, OrderChecker
from tests.support.plain import PlainFileSystem
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Inode
from tests.support.stopping import StoppingFileSystem, die


@dataclass(frozen=True)
class Place:
    """An empty folder of a file system. `make_fifo` makes one at a path; None where there can be none.

    `exchanges`: whether two names can change places in one step.
    """

    fs: FileSystem
    root: str
    exchanges: bool = True
    make_fifo: Callable[[str], None] | None = os.mkfifo


Factory = Callable[[Path], AbstractContextManager[Place]]


def on_disk(make: Callable[[], object], **properties: bool) -> Factory:
    """A file system whose files are this machine's, in the test's own folder."""

    @contextmanager
    def place(folder: Path) -> Iterator[Place]:
        yield Place(make(), str(folder), **properties)  # type: ignore[arg-type]

    return place


@contextmanager
def in_memory(folder: Path) -> Iterator[Place]:
    """This machine's, on tmpfs."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="holdfast-contract-") as above:
        yield Place(RealFileSystem(), above)


@contextmanager
def watched(folder: Path) -> Iterator[Place]:
    """The checker of order, whose notes about these calls nobody reads: it must not change what they do."""
    notes = Notes()
    try:
        yield Place(OrderChecker(RealFileSystem(), notes), str(folder))
    finally:
        notes.close()


@contextmanager
def simulated(folder: Path) -> Iterator[Place]:
    """Disks in memory, with an empty folder of their own."""
    image = Image.empty()
    image.add("/tree", Inode(Kind.FOLDER, 0, 0o755, time.time_ns()))
    fs = SimulatedFileSystem(image, now_ns=time.time_ns())
    fs.before = lambda verb, arguments: setattr(fs.storage, "now_ns", time.time_ns())  # its clock stands else
    yield Place(fs, "/tree", make_fifo=None)


FACTORIES: dict[str, Factory] = {
    "real": on_disk(RealFileSystem),
    "real, in memory": in_memory,
    "forwarding": on_disk(lambda: ForwardingFileSystem(RealFileSystem())),
    "checking the order": watched,
    "failing, without a fault": on_disk(lambda: FailingFileSystem(0, errno.EIO)),
    "stopping, never": on_disk(lambda: StoppingFileSystem(0, die)),
    "another program's hand, never": on_disk(lambda: ForeignHand(0, lambda: None)),
    "simulated": simulated,
    "plain": on_disk(PlainFileSystem, exchanges=False),
}
