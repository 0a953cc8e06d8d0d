"""Finds leftovers and goes on: what appears, vanishes or changes is said within a second.

Every folder is watched just before it is read. Where the kernel's watches do not reach (its limits, network drives) a
folder's own time of change is looked at again and again. When notices were lost, everything is read once more, once
it has become quiet; watches are only added then, never all renewed, since each renewal is a notice again.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Callable, Iterable, Iterator

from core.fs import walk
from core.fs.walk import Listing
from core.leftovers import catalogue
from core.leftovers.identify import Identifier
from core.leftovers.judge import Reason
from core.leftovers.known import Known
from core.leftovers.news import Coverage, News, Pile
from core.leftovers.scan import Walk, outermost, separate
from core.leftovers.watch import LOST, Notice, Notices
from core.progress import CancelToken, Meter, Phase

_WAIT = 0.1  # seconds between looks at the token, when nothing happens
_SETTLE = 0.2  # programs save by making a file and renaming it at once: that is no leftover
_SETTLE_AT_MOST = 0.6  # the same name saved again and again is shown all the same
_TEND = 1.0  # roots, batches that ran, files that were too new
_QUIET = 0.3
_HINTS_AFTER_LOSS = 1_000  # more are not worth following when everything is about to be looked at
_LOST_AT_MOST = 5.0  # so long may it be noisy after a loss before everything is read again all the same
_POLL = 2.0
_POLL_SHARE = 20  # polling takes at most a twentieth of the time
# A folder that has just changed may change again without another stamp: within a tick of the kernel's clock, or within
# two seconds where the file system keeps no parts of a second.
_SECOND_NS = 1_000_000_000
_RACY_NS, _COARSE_NS = 50_000_000, 2 * _SECOND_NS
_NOTICES_AT_ONCE = 20_000


class Live:
    """One watch over some folders; `news` is all there is to it."""

    def __init__(self, roots: Iterable[str], identifier: Identifier, meter: Meter, token: CancelToken) -> None:
        self._roots = separate(roots)
        self._identifier = identifier
        self._meter = meter
        self._token = token
        self._notices = Notices()
        self._walk = Walk(meter, token, self._enter, self._forget_folder)
        self._known = Known()
        self._shared = {root for root in self._roots if walk.is_shared(root)}
        self._tops: dict[str, tuple[int, int]] = {}  # (device, inode) of each root
        self._hints: set[str] = set()
        self._young: dict[str, float] = {}  # files too new to be shown, and since when they are
        self._hinted = self._heard = self._lost = 0.0
        self._due: list[tuple[float, str]] = []
        self._running: dict[str, set[str]] = {}
        self._pile = Pile()
        self._tended = self._polled = 0.0
        self._poll_pause = _POLL
        self._is_live = False
        self._decided = identifier.decided()

    def news(self) -> Iterator[News]:
        """Yield what is found, then what changes, for ever. Ends by `Cancelled` through the token, or by closing it."""
        try:
            self._meter.enter(Phase.CHECK)
            for root in self._roots:
                yield from self._search_root(root)
            self._is_live = True
            yield from self._tell(now=True)
            while True:
                self._token.check()
                self._listen()
                yield from self._act()
                yield from self._tell()
        finally:
            self._notices.close()

    # hearing

    def _listen(self) -> None:
        notices = self._notices.wait(_WAIT, _NOTICES_AT_ONCE)
        now = time.monotonic()
        if notices:
            self._heard = now
        for notice in notices:
            if notice is LOST:
                self._lost = self._lost or now
            elif (hint := self._hint(notice)) is not None:
                if not self._hints:
                    self._hinted = now
                self._hints.add(hint)

    def _hint(self, notice: Notice) -> str | None:
        """Return the path that has to be looked at, None when it matters to nobody."""
        folder = self._known.by_watch.get(notice.watch)
        if folder is None or not notice.name:
            return folder
        name = os.fsdecode(notice.name)
        path = walk.join(folder, name)
        is_of_interest = notice.is_folder or self._known.is_original(path) or catalogue.match(name) is not None
        return path if is_of_interest else None

    def _act(self) -> Iterator[News]:
        now = time.monotonic()
        if self._lost and (now - self._heard >= _QUIET or now - self._lost >= _LOST_AT_MOST):
            yield from self._make_up()
        is_soon_void = self._lost and len(self._hints) > _HINTS_AFTER_LOSS
        if self._hints and now - self._hinted >= _SETTLE and not is_soon_void:
            yield from self._follow_hints()
        if now - self._tended >= _TEND:
            self._tended = now
            yield from self._tend()
        if now - self._polled >= self._poll_pause:
            yield from self._poll()

    def _make_up(self) -> Iterator[News]:
        """Look at everything, since notices were lost. That makes void what all others said."""
        self._lost = 0.0
        self._hints.clear()
        self._young.clear()
        for root in self._roots:
            yield from self._search_root(root, read=self._read_changed)

    def _read_changed(self, path: str) -> Listing:
        """Read a folder, or only remember what is in it, where its stamp says that no name has come or gone."""
        folder = self._known.folders.get(path)
        if folder is None or folder.listing is None or folder.listing.stamp != walk.stamp(path):
            return walk.listing(path)
        return folder.listing

    def _follow_hints(self) -> Iterator[News]:
        hints, self._hints = self._hints, set()
        folders, gone = set(), set()
        # What has gone comes first: a folder that was renamed has one watch, which its new name is to get.
        for path in hints:
            seen = walk.look(path)
            if seen is not None and seen.kind == "folder":
                folders.add(path)
                continue
            self._forget_folder(path)
            if seen is None:  # should it come again, there will be a notice of that
                gone.add(path)
            elif self._is_being_saved(path, seen):
                self._hints.add(path)
                self._hinted = time.monotonic()
        hints -= self._hints
        for path in gone:
            self._young.pop(path, None)
            if self._known.drop(path):
                self._pile.drop(path)
        for path in sorted((hints - folders - gone).union(*map(self._known.hanging_on, hints))):
            self._renew(path)
        for path in outermost(folders):
            if self._is_ours(path):
                yield from self._search(path, self._root_of(path))

    def _is_being_saved(self, path: str, seen: walk.Look) -> bool:
        """Whether a file was written a moment ago, so that its program may be about to rename it."""
        first = self._young.pop(path, time.monotonic())
        if self._known.has(path) or not 0 <= time.time() - seen.mtime < _SETTLE:
            return False
        if time.monotonic() - first >= _SETTLE_AT_MOST:
            return False
        self._young[path] = first
        return True

    def _is_ours(self, path: str) -> bool:
        return path in self._known.folders or (os.path.dirname(path) in self._known.folders and self._walk.wants(path))

    def _root_of(self, path: str) -> str:
        around = (root for root in self._roots if path == root or path.startswith(root.rstrip("/") + "/"))
        return max(around, key=len)  # one may lie in another, on a disk of its own

    # tending

    def _tend(self) -> Iterator[News]:
        """See to what no notice tells: roots that come and go, batches that end, what a person decides, and time."""
        decided = self._identifier.decided()
        if decided != self._decided:
            self._decided = decided
            for root in self._roots:
                yield from self._search_root(root)
        for root in self._roots:
            seen = walk.look(root)
            top = (seen.dev, seen.ino) if seen is not None and seen.kind == "folder" else None
            if top != self._tops.get(root):
                self._forget_folder(root)
                yield from self._search_root(root)
        for txn in [txn for txn in self._running if not self._identifier.runs(txn)]:
            for path in self._running.pop(txn):
                self._renew(path)
        while self._due and self._due[0][0] <= time.time():
            self._renew(heapq.heappop(self._due)[1])

    def _poll(self) -> Iterator[News]:
        """Look at the folders without a watch; slower, where that takes long."""
        began = time.monotonic()
        self._polled = began
        if len(self._known.by_watch) == len(self._known.folders):
            return
        for path in self._known.polled:
            folder = self._known.folders.get(path)
            if folder is None:
                continue
            self._token.check()
            if folder.listing is None or walk.stamp(path) != folder.listing.stamp:
                yield from self._search(path, self._root_of(path), deep=False)
            for one in list(folder.leftovers.values()):
                seen = walk.look(one.path)
                if seen is None or (seen.ino, seen.size, seen.changed) != (one.ino, one.size, one.changed):
                    self._renew(one.path)
        self._polled = time.monotonic()
        self._poll_pause = max(_POLL, (self._polled - began) * _POLL_SHARE)

    # looking

    def _search_root(self, root: str, read: Callable[[str], Listing] = walk.listing) -> Iterator[News]:
        seen = walk.look(root)
        self._tops.pop(root, None)
        if seen is not None and seen.kind == "folder":
            self._tops[root] = (seen.dev, seen.ino)
        yield from self._search(root, root, read=read)

    def _search(
        self, top: str, root: str, *, deep: bool = True, read: Callable[[str], Listing] = walk.listing
    ) -> Iterator[News]:
        """Read a folder and those below it (not `deep`: only those that are new) and take in what is different."""
        device = self._tops[root][0] if root in self._tops else None
        known, roots = self._known.folders, self._roots
        for listing in self._walk.below(
            top, device, lambda path: path not in roots and (deep or path not in known), read
        ):
            self._take(listing)
            yield from self._tell()

    def _take(self, listing: Listing) -> None:
        folder = self._known.folders.get(listing.path)
        if folder is None:
            return
        wanted = catalogue.sift(listing.names)
        newest = listing.stamp.newest_ns
        is_fine = (
            newest % _SECOND_NS != 0 and folder.watch is not None
        )  # where it is polled, the clock may be another's
        is_old = time.time_ns() - newest > (_RACY_NS if is_fine else _COARSE_NS)
        folder.listing = Listing(listing.path, listing.stamp, wanted, listing.folders) if is_old else None
        for name in folder.folders.difference(listing.folders):
            self._forget_folder(walk.join(listing.path, name))
        for name in {*wanted, *folder.leftovers}:
            self._renew(walk.join(listing.path, name))

    def _renew(self, path: str) -> None:
        """Look at what is, or was, a leftover."""
        folder, _, name = path.rpartition("/")
        found = self._identifier.identify(folder or "/", name) if (folder or "/") in self._known.folders else None
        if found is not None and found.reason is Reason.BATCH_RUNS:
            self._running.setdefault(found.txn, set()).add(path)
            found = None
        if found is None:
            if self._known.drop(path):
                self._pile.drop(path)
            return
        if found.due:
            heapq.heappush(self._due, (found.due, path))
        if self._known.put(found):
            self._pile.put(found)

    def _enter(self, path: str) -> None:
        try:
            number = None if self._root_of(path) in self._shared else self._notices.watch(path)
        except FileNotFoundError:
            return
        old = self._known.put_folder(path, number)
        if old is not None:
            self._notices.unwatch([old])

    def _forget_folder(self, path: str) -> None:
        watches, gone = self._known.drop_folder(path)
        self._notices.unwatch(watches)
        for one in gone:
            self._pile.drop(one)
        below = path.rstrip("/") + "/"
        for one in [one for one in self._walk.unreadable if one == path or one.startswith(below)]:
            self._walk.unreadable.discard(one)

    def _tell(self, *, now: bool = False) -> Iterator[News]:
        folders, watched = len(self._known.folders), len(self._known.by_watch)
        live = self._is_live and watched > 0
        return self._pile.tell(Coverage(folders, watched, folders - watched, len(self._walk.unreadable), live), now=now)
