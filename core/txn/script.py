"""What a transaction is given to do: folders, steps, and the content of every staged step, each read more than once.

The plan implements it for batches, the seed's doors for their callables. Contents stream: nothing here is a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from core.content.regions import Region
from core.fs.api import FileSystem, Handle, Kind
from core.journal.records import FolderRef, Identity, Step


class Donor(NamedTuple):
    """A file whose metadata (and content, if told) the new one takes over: where it is and what it must be."""

    folder: str
    name: str
    identity: Identity
    times: bool = False
    content: bool = False


class Content(NamedTuple):
    """New content for one step. `digest` (hex SHA-256, "" if nobody knows it beforehand) is what must come out.

    `chunks` yields the bytes of a file, and is given its donor, open, where it has one; `regions`, if given, how it
    differs from what the donor holds, and `size` is what comes of that, in bytes. `target` is what a symlink says;
    `mode` is for new files and folders, `runnable` whether it is to be a program, whatever the mode says. A `draft` is
    written by foreign code after it was created, and takes over metadata only when it is sealed. `known`: it is there
    already, under another name, and only exchanged (a step that is an exchange and not staged).
    """

    path: str
    kind: Kind
    chunks: Callable[[FileSystem, Handle | None], Iterator[bytes]] | None = None
    regions: Callable[[], Iterator[Region]] | None = None
    size: int = 0
    digest: str = ""
    target: str = ""
    mode: int = 0o666
    runnable: bool | None = None
    donor: Donor | None = None
    draft: bool = False
    known: Identity | None = None


Maker = Callable[[], Content]


class Script(Protocol):
    """The whole of it."""

    @property
    def name(self) -> str:
        """What the batch is called."""
        ...

    @property
    def files(self) -> int:
        """How many files it changes."""
        ...

    @property
    def bytes(self) -> int:
        """How many bytes it writes."""
        ...

    @property
    def undo(self) -> bool:
        """Whether pre-images are kept after it."""
        ...

    @property
    def undoes(self) -> str:
        """The id of the transaction that this one takes back, "" for none."""
        ...

    @property
    def partial(self) -> bool:
        """Whether it takes back only a part of that."""
        ...

    def folders(self) -> list[FolderRef]:
        """Return all folders, numbered by position."""
        ...

    def steps(self) -> Iterator[Step]:
        """Yield the steps in the order of the swap."""
        ...

    def contents(self) -> Iterator[Maker | None]:
        """Yield for every step, in their order, what tells its content; None where it is neither staged nor an exchange."""
        ...
