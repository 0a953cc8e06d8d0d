"""A journal is born beside engines that tidy up: none of them takes it for one whose writer is dead."""

from __future__ import annotations

import threading
from pathlib import Path

from core import names
from core.fs.api import Handle
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.journal.home import Home

AT_MOST = 20.0  # seconds; only a failure takes so long


class Tidier(ForwardingFileSystem):
    """Says when it is about to remove something, and does so a while later."""

    def __init__(self) -> None:
        super().__init__(RealFileSystem())
        self.about_to = threading.Event()
        self.may = threading.Event()

    def unlink(self, folder: Handle, name: str) -> None:
        self.about_to.set()
        self.may.wait(AT_MOST)
        super().unlink(folder, name)


class Creator(ForwardingFileSystem):
    """Is overtaken by a tidier between the making of its journal and the lock on it."""

    def __init__(self, tidier: Tidier, state: str) -> None:
        super().__init__(RealFileSystem())
        self._tidier = tidier
        self._home = Home.open(tidier, state)
        self.tidying: threading.Thread | None = None

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        if self.tidying is None:
            self.tidying = threading.Thread(target=self._home.tidy)
            self.tidying.start()
            assert self._tidier.about_to.wait(AT_MOST)
            threading.Timer(0.2, self._tidier.may.set).start()
        return super().lock(handle, exclusive=exclusive)


def test_a_journal_is_there_once_it_is_made_though_another_engine_tidied_up_in_between(tmp_path: Path) -> None:
    creator = Creator(Tidier(), str(tmp_path / "state"))
    home, txn = Home.open(creator, str(tmp_path / "state")), names.new_txn()

    journal = home.create(txn)
    assert creator.tidying is not None
    creator.tidying.join(AT_MOST)

    assert [one for one in creator.list(home.journals) if one.startswith(txn)]
    creator.close(journal)
