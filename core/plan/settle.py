"""The second half of evaluation: read every touched file once, and check what only the disk can tell.

Each file is read and rendered in one pass, so that the digest before and the digest after belong together. Most are by
then (`readahead`); one with which something was wrong is read again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from core import helper
from core.content import regions
from core.content.blocks import LineTooLong
from core.content.convert import Undecodable
from core.content.digest import Digest
from core.content.edit import Tally
from core.content.encoding import Unencodable
from core.errors import Fix, Problem, ProblemCode
from core.fs import holders
from core.fs.api import FileSystem, Kind, Stat
from core.journal import records
from core.journal.records import Identity
from core.plan import render
from core.plan.disk import Finding
from core.plan.guard import Guard, demand_whole
from core.plan.node import APART, COPIED, HELD, IN_PLACE, KEEP_LINKS, KEEP_TIMES, SPLIT_LINKS, UNGUARDED, Node
from core.plan.placing import Placing
from core.plan.plan import Change, Facts, Notes, Plan
from core.plan.readahead import Reader
from core.plan.removal import demand_writable
from core.plan.seen import Seen
from core.progress import CancelToken, Meter, Phase

_FEW = 1_000  # files: nobody reads a longer list of those that are open


class _Covered(Exception):
    """What is done to another name of the file is all that this name asks for."""


class Settler:
    """Fills in the facts of touched names, drops what does not change, and adds the problems.

    `told` is called with what is settled at once, for as long as that comes in the order of the plan.
    """

    def __init__(self, fs: FileSystem, plan: Plan, meter: Meter, token: CancelToken) -> None:
        self.told: Callable[[Plan, Change], None] | None = None
        self._fs = fs
        self._plan = plan
        self._tree = plan.tree
        self._meter = meter
        self._token = token
        self._inodes: dict[tuple[int, int], tuple[str, Node]] = {}
        self._placing = Placing(fs, plan)
        self._bad: set[str] = set()
        self._count = 0

    def settle_at_once(self, path: str, seen: Seen | None) -> None:
        """Settle a name to which nothing further is done, while a search goes on: so there is something to show soon.

        `seen` is what the search has read of it, if that is known: most files are read only once.
        """
        node = self._tree.names[path]
        if node is None:
            return
        if not self._is_changed(path, node, seen):
            del self._tree.names[path]
            return
        if self.told is not None and node.is_settled:
            change = self._plan.described(self._count, path, node)
            if change is not None:
                self.told(self._plan, change)
        self._count += 1

    def run(self, processes: int) -> None:
        """Settle everything else; many small files are read by so many processes."""
        names = len(self._tree.names)
        self._meter.enter(Phase.CHECK, files=names)
        processes = helper.affordable(processes, names)
        unchanged = []
        with closing(Reader(self._fs, self._plan, self._token).run(self._unsettled(), processes)) as seen_ahead:
            for path, seen in seen_ahead:
                self._token.check()
                self._meter.path = path
                node = self._tree.names[path]
                if node is not None and not self._is_changed(path, node, seen):
                    unchanged.append(path)
                self._meter.files_done += 1
        for path in unchanged:
            del self._tree.names[path]
        self._placing.check_space()
        if self._plan.files <= _FEW:
            self._note_what_is_open()

    def _unsettled(self) -> Iterator[str]:
        for path, node in self._tree.names.items():
            if node is None or node.is_settled or path in self._bad:
                self._meter.files_done += 1
            else:
                yield path

    def _note_what_is_open(self) -> None:
        """Note files that a program has open: what it writes on goes into the previous version, which it still has."""
        for path, node in self._tree.names.items():
            if node is None or not node.is_settled or not node.origin or node.flags & (HELD | IN_PLACE):
                continue
            if node.kind is Kind.FILE and node.has_new_content and holders.is_open(node.origin):
                self._plan.notes.append(Problem(ProblemCode.IN_USE, path, self._plan.facts(node).operation, fixes=()))

    def _is_changed(self, path: str, node: Node, seen: Seen | None = None) -> bool:
        """Settle one name; False when nothing about it changes after all."""
        try:
            return self._settle(path, node, seen)
        except _Covered:
            return False
        except Finding as finding:
            self._problem(finding.problem.code, path, node, finding.problem.values)
        except OSError as error:
            self._problem(ProblemCode.UNREADABLE, path, node, {"error": error.strerror or ""})
        self._bad.add(path)
        return True

    def _settle(self, path: str, node: Node, seen: Seen | None) -> bool:
        """Find the facts of one node; False when nothing about it changes after all."""
        if not node.displaced and self._tree.is_unchanged(path, node):
            return False
        moved = bool(node.origin) and (path if node.kind is Kind.FOLDER else self._tree.before(path)) != node.origin
        if moved:
            self._placing.check(path, node)
            self._take_to_other_disk(path, node)
        before = self._identify(path, node.origin, node, seen=seen) if node.origin else None
        displaced = tuple(self._identify(path, origin, node, goes=True) for origin in node.displaced)
        facts = Facts(node.number, before)
        if node.kind is Kind.FILE and (node.has_new_content or not node.origin) and not node.is_deleted:
            facts = self._render(path, node, before, seen)
            before = facts.before
            same = before is not None and before.digest == facts.digest_after
            if same and node.origin == self._tree.before(path) and not self._tree.changes_mode(node):
                return False
        if not moved:
            self._placing.check(path, node)
        node.settle(self._plan.remember(facts._replace(displaced=displaced) if displaced else facts))
        size = facts.size_after or 0
        self._plan.files += 1
        self._plan.matches += facts.matches
        self._plan.bytes += size
        # What lies apart takes its space from the state directory's disk.
        pre_image = before.size if before and node.flags & IN_PLACE and not node.flags & APART else 0
        self._placing.need(path, size + pre_image)
        return True

    def _identify(
        self, path: str, origin: str, node: Node, *, goes: bool = False, seen: Seen | None = None
    ) -> Identity:
        stat = seen.stat if seen is not None else self._tree.disk.stat(origin)
        if stat is None:
            raise Finding(ProblemCode.MISSING, origin)
        if seen.is_fixed if seen is not None else self._tree.disk.is_fixed(origin):
            raise Finding(ProblemCode.FIXED, origin)
        expected = self._plan.expectations.get(origin)
        now = time.time_ns()
        digest = ""
        fresh = node.is_deleted and records.is_fresh(stat, now)
        if stat.kind is Kind.FILE and (expected or fresh):
            digest = seen.digest if seen is not None else render.digest(render.read(self._fs, origin))[1]
            if expected and digest != expected:
                raise Finding(ProblemCode.NOT_HELD if node.flags & HELD else ProblemCode.CHANGED, origin)
        if stat.kind is Kind.FILE and node.replaces(origin):
            self._check_links(path, origin, stat, node)
        if stat.kind is Kind.FOLDER and goes:
            digest = self._tree.disk.inside(origin, now, leaving=self._tree.leaving(origin))
        return records.identity(stat, digest, now if digest else 0)

    def _check_links(self, path: str, origin: str, stat: Stat, node: Node) -> None:
        """Find out whether new content may be a new inode, or must be written into the one that is there."""
        folder = os.path.dirname(origin)
        if stat.nlink > 1:
            other, same = self._inodes.setdefault((stat.dev, stat.ino), (origin, node))
            if other != origin and node.is_one_edit_with(same):
                raise _Covered
            if other != origin and not node.flags & same.flags & SPLIT_LINKS:
                raise Finding(ProblemCode.SAME_FILE, origin, other=other)
        is_mount = self._tree.disk.is_mount_point(origin)
        is_apart = not self._placing.place(folder).writable
        if not is_mount and not is_apart and (stat.nlink < 2 or node.flags & SPLIT_LINKS):
            return
        may_be_in_place = node.runnable is None and self._tree.before(path) == origin
        if may_be_in_place and (is_apart or node.flags & KEEP_LINKS):
            demand_writable(self._fs, origin, stat)
        if may_be_in_place and node.flags & KEEP_LINKS:
            node.flags |= IN_PLACE | (APART if is_apart else 0)
        elif is_apart:
            raise Finding(ProblemCode.UNWRITABLE, origin, **({"folder": folder} if may_be_in_place else {}))
        elif is_mount:
            raise Finding(ProblemCode.MOUNT_POINT, origin)
        else:
            raise Finding(ProblemCode.HARD_LINKS, origin, links=stat.nlink)

    def _render(self, path: str, node: Node, before: Identity | None, seen: Seen | None) -> Facts:
        """Return what there is to know of new content, and of the original with its digest."""
        if seen is not None and before is not None:
            demand_whole(path, None if node.flags & UNGUARDED else seen.broken)
            before = before._replace(digest=seen.digest, read_ns=seen.read_ns)
            return Facts(node.number, before, seen.size_after, seen.digest_after, seen.matches)
        guard = Guard(path, node)
        try:
            facts = self._from_disk(path, node, before, guard)
        except TimeoutError as error:
            raise Finding(ProblemCode.PATTERN_TIMEOUT, path) from error
        except LineTooLong as error:
            raise Finding(ProblemCode.LONG_LINE, path) from error
        except Unencodable as error:
            values = {"character": error.character, "encoding": error.encoding}
            raise Finding(ProblemCode.UNENCODABLE, path, **values) from error
        except Undecodable as error:
            raise Finding(ProblemCode.UNDECODABLE, path, encoding=str(error)) from error
        guard.check(self._fs)
        return facts

    def _from_disk(self, path: str, node: Node, before: Identity | None, guard: Guard) -> Facts:
        tally, started = Tally(), time.time_ns()
        original, noted = "", None
        if node.edits and node.slice is None and not node.source:
            with Digest() as read:
                tap = _Tap(path, node, read, self._token)
                size, digest, noted = self._edit(node, before, tally, tap, guard)
                original = read.hex()
        else:
            size, digest = render.digest(guard(render.chunks(self._fs, node, self._plan.scratch, tally)))
            if before is not None:
                original = render.digest(render.read(self._fs, node.origin))[1]
        if before is None:
            return Facts(node.number, None, size, digest, tally.matches)
        if not records.is_same(self._tree.disk.stat(node.origin), before):
            raise Finding(ProblemCode.CHANGED, path)
        before = before._replace(digest=original, read_ns=started)
        return Facts(node.number, before, size, digest, tally.matches, noted=noted)

    def _edit(
        self, node: Node, before: Identity | None, tally: Tally, tap: _Tap, guard: Guard
    ) -> tuple[int, str, Notes]:
        """Return (new size, new digest, where the changes are noted) of an edited file; noted in large ones alone."""
        is_large = before is not None and before.size >= regions.LARGE and regions.can_note(node.edits)
        offset, noter = self._plan.noter() if is_large else (0, None)
        stream = render.chunks(self._fs, node, self._plan.scratch, tally, tap=tap, noter=noter)
        with Digest() as made:
            size, digest = made.take(guard(stream)), made.hex()
        return size, digest, (offset, noter.size) if noter is not None and noter.is_whole else None

    def _take_to_other_disk(self, path: str, node: Node) -> None:
        """Let a file or symlink whose new place is on another disk be made there anew, and removed here."""
        source, target = (
            self._plan.folders[folder].dev for folder in (os.path.dirname(node.origin), self._placing.home(path))
        )
        if source == target:
            return
        node.flags |= COPIED
        if node.kind is Kind.FILE and not node.has_new_content:
            node.source = node.origin
            node.flags |= KEEP_TIMES

    def _problem(self, code: ProblemCode, path: str, node: Node, values: dict[str, object]) -> None:
        more = {
            ProblemCode.HARD_LINKS: (Fix.SPLIT_LINKS, Fix.KEEP_LINKS),
            ProblemCode.MOUNT_POINT: (Fix.KEEP_LINKS,) if node.kind is Kind.FILE and node.has_new_content else (),
            ProblemCode.CHANGED: (Fix.PREVIEW_AGAIN,),
            ProblemCode.FIXED: (Fix.CHANGE_PERMISSIONS,),
            ProblemCode.UNWRITABLE: (*((Fix.KEEP_LINKS,) if "folder" in values else ()), Fix.CHANGE_PERMISSIONS),
            ProblemCode.UNREADABLE: (Fix.CHANGE_PERMISSIONS,),
            ProblemCode.NAME_TOO_LONG: (Fix.RENAME,),
            ProblemCode.UNENCODABLE: (Fix.CONVERT,),
            ProblemCode.BROKEN_FORMAT: (Fix.BREAK_FORMAT,),
        }
        fixes = (Fix.REMOVE, *more.get(code, ()))
        self._plan.problems.append(Problem(code, path, node.number, values, fixes))


class _Tap:
    """Sees the original bytes of an edited file on their way: takes the digest, and refuses what is no text."""

    def __init__(self, path: str, node: Node, digest: Digest, token: CancelToken) -> None:
        self._path = path
        self._node = node
        self._digest = digest
        self._token = token

    def __call__(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        first = True
        for chunk in stream:
            self._token.check()
            if first and self._node.refuses(chunk):
                raise Finding(ProblemCode.BINARY, self._path)
            first = False
            self._digest.update(chunk)
            yield chunk
