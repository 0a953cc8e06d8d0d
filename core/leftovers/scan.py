"""Finds leftovers in and below folders, once. Reads every name, looks only at those that are some leftover's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from core.fs import trash, walk
from core.fs.walk import Listing
from core.leftovers import catalogue
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.judge import Reason
from core.leftovers.news import Coverage, News, Pile
from core.progress import CancelToken, Meter, Phase

_Hook = Callable[[str], None]


def _nothing(path: str) -> None:
    pass


class Walk:
    """Goes through folders, parents before children; counts those that were read and remembers those that cannot be.

    `meter` counts folders. `enter` is called before a folder is read, so that a watch can begin first: what appears
    in between is seen twice, never not at all. `leave` is called when it could not be read, or is not to be.
    """

    def __init__(self, meter: Meter, token: CancelToken, enter: _Hook = _nothing, leave: _Hook = _nothing) -> None:
        self._meter = meter
        self._token = token
        self._enter = enter
        self._leave = leave
        self._trash = trash.home()
        self.unreadable: set[str] = set()

    def below(
        self,
        top: str,
        device: int | None = None,
        into: Callable[[str], bool] = lambda path: True,
        read: Callable[[str], Listing] = walk.listing,
    ) -> Iterator[Listing]:
        """Yield the listings of a folder and of those below it that `into` accepts.

        Symlinks are not followed, and other file systems than `device` (that of `top` where it is None) not entered.
        Raises `Cancelled` through the token.
        """
        waiting = [top]
        while waiting:
            self._token.check()
            path = waiting.pop()
            self._enter(path)
            try:
                found = read(path)
            except OSError as error:
                self._leave(path)
                if not walk.is_gone(error) or device is None:  # a top that is not there is worth knowing
                    self.unreadable.add(path)
                continue
            device = found.stamp.device if device is None else device
            if found.stamp.device != device:
                self._leave(path)
                continue
            self.unreadable.discard(path)
            self._meter.files_done += 1
            self._meter.path = path
            yield found
            children = (walk.join(path, name) for name in found.folders)
            waiting.extend(child for child in children if self.wants(child) and into(child))

    def wants(self, path: str) -> bool:
        """Whether a folder is to be looked into at all: not what programs manage, and not the trash."""
        return path != self._trash and catalogue.managed_folder(path) is None


def scan(roots: Iterable[str], identifier: Identifier, meter: Meter, token: CancelToken) -> Iterator[News]:
    """Yield what is found, in parts, with the coverage between them; the last one is the coverage.

    `roots` are absolute. Raises `Cancelled` through the token.
    """
    meter.enter(Phase.CHECK)
    walking, pile = Walk(meter, token), Pile()
    folders = 0
    tops = separate(roots)
    for root in tops:
        for listing in walking.below(root, into=lambda path: path not in tops):
            folders += 1
            for found in leftovers_in(listing, identifier):
                pile.put(found)
            yield from pile.tell(Coverage(folders, unreadable=len(walking.unreadable)))
    yield from pile.tell(Coverage(folders, unreadable=len(walking.unreadable)), now=True)


def leftovers_in(listing: Listing, identifier: Identifier) -> Iterator[Leftover]:
    """Yield the leftovers of one folder; not the side files of a batch that runs, which come and go by thousands."""
    for name in catalogue.sift(listing.names):
        found = identifier.identify(listing.path, name)
        if found is not None and found.reason is not Reason.BATCH_RUNS:
            yield found
    if identifier.tells_protected:
        for name in listing.folders:
            managed = catalogue.managed_folder(path := walk.join(listing.path, name))
            if managed is not None and (found := identifier.managed(path, managed)) is not None:
                yield found


def separate(roots: Iterable[str]) -> list[str]:
    """Return the folders to begin at: those that lie in no other of them, and those on another file system than that."""
    wanted = sorted({path.rstrip("/") or "/" for path in roots}, key=lambda path: path.split("/"))
    outer = set(outermost(wanted))
    return [path for path in wanted if path in outer or _is_mounted(path)]


def _is_mounted(path: str) -> bool:
    here, above = walk.look(path), walk.look(path.rpartition("/")[0] or "/")
    return here is not None and above is not None and here.dev != above.dev


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that lie in no other of them, in order."""
    kept: list[str] = []
    for path in sorted({path.rstrip("/") or "/" for path in paths}, key=lambda path: path.split("/")):
        if not kept or not path.startswith(kept[-1].rstrip("/") + "/"):
            kept.append(path)
    return kept
