"""Rules about attics: what may be made there, and when a pre-image may go there or be dropped (I8, I9, I10)."""

from __future__ import annotations

import re

from core import names
from core.journal.records import Type
from tests.support.order.book import Book
from tests.support.order.dirt import Key, Opened
from tests.support.order.handles import Handles

_ROOT = re.compile(r".*/(attic|\.holdfast-attic-\d+)", re.ASCII | re.DOTALL)
_MARK = re.compile(r"[a-z2-7]{10}\.(pinned|expired)", re.ASCII)
_HOLDING = re.compile(r"(.*/(?:attic|\.holdfast-attic-\d+))/\.~hf-([a-z2-7]{10})(/.*)?", re.ASCII | re.DOTALL)


def is_root(path: str) -> bool:
    """Whether a path is that of an attic."""
    return _ROOT.fullmatch(path) is not None


def is_for_git(folder: str, name: str) -> bool:
    """Whether a file keeps an attic out of git's sight: nothing hangs on that."""
    return is_root(folder) and name == ".gitignore"


def held_by(path: str) -> str:
    """Return the transaction whose pre-images lie in a folder, or below it; "" for none."""
    found = _HOLDING.fullmatch(path)
    return found[2] if found else ""


def is_proof(book: Book, folder: str, name: str) -> bool:
    """Whether a name is that of a folder which a journal's batch makes to prove that an attic can be reached."""
    if book.view is None:
        return False
    proofs = {(book.paths(ref.folder)[0], names.proof(book.txn, n)) for n, ref in enumerate(book.view.attics)}
    return (folder, name) in proofs


def is_mark(folder: str, name: str) -> bool:
    """Whether a name is that of a mark beside a history entry."""
    return folder.endswith("/history") and _MARK.fullmatch(name) is not None


class AtticRules(Handles):
    """What is made in attics, moved there, and removed there. Each returns whether the call was about an attic."""

    def _makes_in_attic(self, where: Opened, name: str) -> bool:
        path = f"{where.folder.rstrip('/')}/{name}"
        if is_root(path):
            books = [book for book in self._live().values() if path in book.roots]
            if not any(Type.BEGUN in book.durable for book in books):
                self._note("I8", f"{path} is made, which no journal here names")
            return True
        if not is_root(where.folder):
            return False
        if is_for_git(where.folder, name):
            return True
        book = self._live().get(names.parse_holding(name))
        if book is None or where.folder not in book.roots:
            self._note("I8", f"{path} is made, which no journal here names")
        elif not book.is_committed:
            self._note("I8", f"{path} is made before COMMIT, and proves nothing")
        return True

    def _moves_to_attic(self, source: Opened, name: str, goal: Opened, to_name: str) -> bool:
        parsed = names.parse_side(name)
        book = self._live().get(parsed[0]) if parsed else None
        if is_root(goal.folder):
            if book is None or to_name != names.holding(book.txn) or not is_proof(book, source.folder, name):
                self._note("I8", f"{source.folder}/{name} is moved into {goal.folder}, and is no proof")
            elif Type.BEGUN not in book.durable or Type.PREPARED in book.written:
                self._note("I8", f"{goal.folder} is reached for at the wrong time")
            return True
        txn = held_by(goal.folder)
        if not txn or book is None or txn != book.txn:
            return False
        if not book.is_committed:
            self._note("I9", f"{source.folder}/{name} is put away before COMMIT is durable")
        elif goal.folder.rpartition("/")[0] not in book.roots:
            self._note("I8", f"{source.folder}/{name} is put into {goal.folder}, which its journal does not name")
        return True

    def _removes_in_attic(self, where: Opened, name: str) -> bool:
        if is_root(f"{where.folder.rstrip('/')}/{name}"):
            return True  # an attic that is empty
        if is_for_git(where.folder, name):
            return True
        txn = held_by(where.folder) or (names.parse_holding(name) if is_root(where.folder) else "")
        maker = self._live().get((names.parse_side(name) or ("", 0))[0])
        if maker is not None and is_proof(maker, where.folder, name):
            return False  # another batch works on what is held there, to bring it back
        if txn and txn not in self._live() and not self._is_expired(txn):
            self._note("I10", f"{where.folder}/{name} is removed, and no mark that is durable says so")
        return bool(txn)

    def _is_expired(self, txn: str) -> bool:
        homes = [one for one in self._dirt.opened.values() if one.folder.endswith("/history") and not one.name]
        marked = (home for home in homes if self._look(home, f"{txn}.expired") is not None)
        return any(not self._dirt.of_names(home.folder, "side") for home in marked)

    def _moved_to_attic(self, source: Opened, goal: Opened) -> None:
        self._left.setdefault(source.key, set()).add(goal.folder)

    def _demand_attics_first(self, synced: Opened) -> None:
        """A folder that pre-images have left becomes durable only after the attic that they went to."""
        for attic in self._left.pop(synced.key, ()):
            for path in (attic, attic.rpartition("/")[0]):
                if why := self._dirt.of_names(path, "side"):
                    self._note("I9", f"{synced.folder} is synced before {path}, where its pre-images are: {why}")

    @property
    def _left(self) -> dict[Key, set[str]]:
        return self._dirt.left
